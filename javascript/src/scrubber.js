// The widget of the time bar, as anywidget loads it (`ScrubberBar` in Python).

/** @import { BarTraits } from "./scrubber/traits.js" */
/** @import { RenderProps } from "./shared/widget.js" */

import { TimeBar } from "./scrubber/time_bar.js";

/**
 * Draw the bar into an element and return what removes it.
 *
 * @param {RenderProps<BarTraits>} props
 */
function render({ model, el }) {
  const bar = new TimeBar(model, el);
  return () => bar.remove();
}

export default { render };
