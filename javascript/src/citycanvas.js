// The widget of the map, as anywidget loads it (`CityCanvas` in Python).

/** @import { Traits } from "./map/message/traits.js" */
/** @import { RenderProps } from "./shared/widget.js" */

import { CityMap } from "./map/city_map.js";

/**
 * Draw the map into an element and return what removes it.
 *
 * @param {RenderProps<Traits>} props
 */
function render({ model, el }) {
  const map = new CityMap(model, el);
  return () => map.remove();
}

export default { render };
