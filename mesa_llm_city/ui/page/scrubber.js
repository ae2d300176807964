// The time of a run as a bar to drag along, with trips per hour behind it.
//
// `model` is a widget model, or anything with get(name), set(name, value), save_changes(),
// on("change:name", callback) and off("change:name", callback). Times are in minutes.

const DAY = 1440;
const SEND_MS = 80;

const CSS = `
.mls{position:relative;width:100%;height:64px;border-radius:8px;overflow:hidden;
  font:11px/1.2 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:inherit;
  background:rgba(127,140,155,.10)}
.mls svg{position:absolute;left:8px;top:0;width:calc(100% - 16px);height:100%;overflow:visible}
.mls rect{fill:#4477AA;opacity:.35}
.mls rect.past{opacity:.85}
.mls line.day{stroke:currentColor;opacity:.35}
.mls-now{position:absolute;top:0;bottom:0;width:2px;margin-left:-1px;background:#d4006a;
  pointer-events:none}
.mls-now b{position:absolute;left:4px;top:2px;padding:0 5px;border-radius:4px;font-weight:600;
  font-variant-numeric:tabular-nums;background:#d4006a;color:#fff;white-space:nowrap}
.mls-now b.left{left:auto;right:4px}
.mls input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:ew-resize}
.mls:focus-within{outline:2px solid #d4006a;outline-offset:-2px}
.mls-hatch{position:absolute;top:0;bottom:14px;right:8px;pointer-events:none;
  background:repeating-linear-gradient(135deg,transparent 0 5px,rgba(127,140,155,.16) 5px 6px)}
`;

const SVG = "http://www.w3.org/2000/svg";

function made(name, marks, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(marks)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function clock(minute) {
  const of_day = ((minute % DAY) + DAY) % DAY;
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(of_day / 60))}:${two(of_day % 60)}`;
}

// What is told of a moment; a midnight is the end of the day before, as in the charts.
function spoken(minute, end) {
  const days = Math.ceil(end / DAY);
  const day = Math.min(Math.floor(minute / DAY) + 1, days);
  return days > 1 ? `Day ${day}, ${clock(minute)}` : clock(minute);
}

function drawn(svg, trips, end, reached) {
  const width = 1000, base = 50, high = 42;
  const most = Math.max(1, ...trips), each = (60 / end) * width;
  const parts = trips.map((count, hour) => {
    const tall = (count / most) * high;
    return made("rect", {
      x: hour * each + 0.08 * each, width: 0.84 * each, y: base - tall, height: tall,
      class: hour * 60 < reached ? "past" : "",
    });
  });
  const days = Math.ceil(end / DAY);
  const pace = days > 1 ? DAY : 180;
  for (let at = 0; at < end; at += pace) {
    const x = (at / end) * width;
    if (at && days > 1) parts.push(made("line", { class: "day", x1: x, x2: x, y1: 0, y2: base }));
  }
  svg.replaceChildren(...parts);
}

function labelled(box, end) {
  const days = Math.ceil(end / DAY), pace = days > 1 ? DAY : 180;
  const labels = [];
  for (let at = 0; at < end; at += pace) {
    const label = document.createElement("span");
    label.textContent = days > 1 ? `Day ${at / DAY + 1}` : clock(at);
    const share = at / end;
    // A day is named at its beginning, an hour in the middle under its tick.
    const shift = days > 1 || !at ? "" : "transform:translateX(-50%);";
    label.style.cssText =
      `position:absolute;bottom:1px;left:calc(8px + (100% - 16px) * ${share});${shift}` +
      "opacity:.75;padding-left:2px;pointer-events:none;font-variant-numeric:tabular-nums";
    labels.push(label);
  }
  box.replaceChildren(...labels);
}

function render({ model, el }) {
  const style = document.createElement("style");
  style.textContent = CSS;
  const root = document.createElement("div");
  root.className = "mls";
  const svg = made("svg", { viewBox: "0 0 1000 64", preserveAspectRatio: "none" });
  svg.setAttribute("aria-hidden", "true");
  const labels = document.createElement("div");
  labels.setAttribute("aria-hidden", "true");
  const hatch = document.createElement("div");
  hatch.className = "mls-hatch";
  const now = document.createElement("div");
  now.className = "mls-now";
  const flag = document.createElement("b");
  now.append(flag);
  const input = document.createElement("input");
  input.type = "range";
  input.min = "0";
  input.setAttribute("aria-label", model.get("label"));
  root.append(svg, labels, hatch, now, input);
  el.replaceChildren(style, root);

  let held = false, timer = 0, sent = 0;

  function show(minute) {
    const end = model.get("end") || DAY, share = Math.min(minute / end, 1);
    now.style.left = `calc(8px + (100% - 16px) * ${share})`;
    flag.textContent = spoken(minute, end);
    flag.className = share > 0.8 ? "left" : "";
    input.setAttribute("aria-valuetext", spoken(minute, end));
  }

  function frame() {
    const end = model.get("end") || DAY, reached = model.get("reached");
    input.max = String(end);
    input.step = String(model.get("step") || 5);
    drawn(svg, model.get("trips"), end, reached);
    labelled(labels, end);
    hatch.style.left = `calc(8px + (100% - 16px) * ${Math.min(reached / end, 1)})`;
    if (!held) moved();
  }

  function moved() {
    if (held) return;
    input.value = String(model.get("minute"));
    show(model.get("minute"));
  }

  function send() {
    timer = 0;
    sent = performance.now();
    model.set("wanted", { minute: Number(input.value), at: Date.now() });
    model.save_changes();
  }

  input.addEventListener("input", () => {
    held = true;
    // Beyond what has been lived there is nothing to see.
    if (Number(input.value) > model.get("reached")) input.value = String(model.get("reached"));
    show(Number(input.value));
    if (!timer) timer = setTimeout(send, Math.max(0, SEND_MS - (performance.now() - sent)));
  });
  const release = () => { held = false; };
  input.addEventListener("change", release);
  input.addEventListener("blur", release);

  const names = { minute: moved, end: frame, reached: frame, trips: frame, step: frame };
  for (const [name, callback] of Object.entries(names)) model.on(`change:${name}`, callback);
  frame();
  return () => {
    clearTimeout(timer);
    for (const [name, callback] of Object.entries(names)) model.off(`change:${name}`, callback);
  };
}

export default { render };
