// Icons of kinds of place, drawn in a square of 24 by 24.

/** Side of the square in which the icons are drawn. */
const SIDE = 24;
/** Radius of the disc of an icon, and side of the icon on it, in pixels. */
export const DISC_PX = 8;
const ICON_PX = 11.5;
const OTHER = "other";

/**
 * Outlines by name; where there is little room, the kinds that come first are shown first.
 *
 * @type {Record<string, string>}
 */
const OUTLINES = {
  health: "M9.5 3.5h5v6h6v5h-6v6h-5v-6h-6v-5h6z",
  transport:
    "M7 2h10a3 3 0 0 1 3 3v11a3 3 0 0 1-2.4 2.9l1.4 3.1h-2.5L15.2 19H8.8l-1.3 3H5l1.4-3.1" +
    "A3 3 0 0 1 4 16V5a3 3 0 0 1 3-3zM6.5 5.5v5.5h11V5.5zM8 13.3a1.5 1.5 0 1 0 .01 0z" +
    "M16 13.3a1.5 1.5 0 1 0 .01 0z",
  culture:
    "M12 2 2.5 7.5V10h19V7.5zM4.5 11.5h3v6.5h-3zM10.5 11.5h3v6.5h-3zM16.5 11.5h3v6.5h-3z" +
    "M2.5 19.5h19V22h-19z",
  school: "M12 3.5 1 9l11 5.5L21 10v6.5h2V9zM5.5 13.2V17c3 3.6 10 3.6 13 0v-3.8L12 16.5z",
  worship:
    "M11 1.5h2V4h2.5v2H13v2.2l5.5 4.3V22h-4v-4a2.5 2.5 0 0 0-5 0v4h-4v-9.5L11 8.2V6H8.5V4H11z",
  sport: "M1.5 10h2V7h3v4h11V7h3v3h2v4h-2v3h-3v-4h-11v4h-3v-3h-2z",
  park:
    "M12 1.5c3 2.8 5.5 6 7 9.5h-2.5c1.5 2 2.8 4 3.5 6.5h-6.7V22h-2.6v-4.5H4" +
    "c.7-2.5 2-4.5 3.5-6.5H5c1.5-3.5 4-6.7 7-9.5z",
  leisure: "M12 1.8l3.1 6.6 7.1.9-5.2 5 1.3 7.2L12 18l-6.3 3.5L7 14.3 1.8 9.3l7.1-.9z",
  food:
    "M5 2h1.8v6h1.3V2h1.8v6h1.3V2H13v7.5a3.3 3.3 0 0 1-2.7 3.2V22H7.7v-9.3" +
    "A3.3 3.3 0 0 1 5 9.5zM19.5 2v20H17v-7.5h-2V8c0-3.5 1.7-6 4.5-6z",
  shop:
    "M7.5 8V6.5a4.5 4.5 0 0 1 9 0V8H20l1 14H3L4 8zM9.7 8h4.6V6.5a2.3 2.3 0 0 0-4.6 0z",
  work:
    "M8 6.5V4.5A1.5 1.5 0 0 1 9.5 3h5A1.5 1.5 0 0 1 16 4.5v2h5.5v13h-19v-13zM10.2 6.5h3.6" +
    "V5.2h-3.6z",
  other: "M12 7.5a4.5 4.5 0 1 0 .01 0z",
};
/** Names of the icons, the most telling first. */
const NAMES = Object.keys(OUTLINES);

/** @type {Map<string, Path2D>} */
const PATHS = new Map();

/**
 * Return how early an icon is shown where there is little room: the lower the earlier.
 *
 * @param {string} icon
 */
export function rankOf(icon) {
  const at = NAMES.indexOf(icon);
  return at < 0 ? NAMES.length : at;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} icon One that is not known is drawn as any other place.
 * @param {[number, number]} point Its middle, in pixels.
 * @param {{ colour: string, disc: string, stretch?: number }} style Colours of the icon and its edge,
 *   and of the disc; how much larger than usual.
 */
export function paintIcon(context, icon, [x, y], { colour, disc, stretch = 1 }) {
  context.beginPath();
  context.arc(x, y, DISC_PX * stretch, 0, 2 * Math.PI);
  context.fillStyle = disc;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = colour;
  context.stroke();
  const scale = (ICON_PX * stretch) / SIDE;
  context.save();
  context.translate(x - (SIDE * scale) / 2, y - (SIDE * scale) / 2);
  context.scale(scale, scale);
  context.fillStyle = colour;
  context.fill(pathOf(icon), "evenodd");
  context.restore();
}

/** @param {string} icon */
function pathOf(icon) {
  const name = icon in OUTLINES ? icon : OTHER;
  const path = PATHS.get(name) ?? new Path2D(OUTLINES[name]);
  PATHS.set(name, path);
  return path;
}
