// The widget of minds, as anywidget loads it (`MindsWidget` in Python): feed, day, network, or who differs.

/** @import { MindsTraits } from "./minds/traits.js" */
/** @import { RenderProps } from "./shared/widget.js" */

import { DayTimeline } from "./minds/day.js";
import { Differing } from "./minds/differing.js";
import { Feed } from "./minds/feed.js";
import { Network } from "./minds/network.js";

const PANELS = { feed: Feed, day: DayTimeline, network: Network, differing: Differing };

/**
 * Draw a panel into an element and return what removes it.
 *
 * @param {RenderProps<MindsTraits>} props
 */
function render({ model, el }) {
  // Each panel reads the data that Python sends for its name.
  const Panel = /** @type {new (model: any, node: HTMLElement) => { remove(): void }} */ (
    PANELS[model.get("panel")]);
  const panel = new Panel(model, el);
  return () => panel.remove();
}

export default { render };
