// A chart, as anywidget loads it (`VegaChart` in Python); it is drawn by the engine of the page.

/** @import { ChartTraits } from "./charts/traits.js" */
/** @import { RenderProps } from "./shared/widget.js" */

import { ChartView } from "./charts/chart_view.js";

/**
 * Draw a chart into an element and return what removes it.
 *
 * @param {RenderProps<ChartTraits>} props
 */
function render({ model, el }) {
  const view = new ChartView(model, el);
  return () => view.remove();
}

export default { render };
