// A map of people on the move: WebGL 2, or Canvas 2D where there is none.
//
// `model` is a widget model, or anything with get(name), set(name, value), save_changes(),
// on("change:name", callback) and off("change:name", callback). Positions are whole numbers
// in a square of 65,536 units; `state` holds what each person is doing in its low four bits
// and her class or step of colour in its high four bits, 15 for unknown.

const UNITS = 65535;
const UNKNOWN = 15;
const LAYERS = ["people", "heat", "trips", "streets", "places", "zones"];
const HINT =
  "Arrow keys move the map, plus and minus zoom, 0 shows all, N and P go to the next and the " +
  "previous person, Enter selects, F follows, slash searches, Escape lets go.";

const CSS = `
.mlc{position:relative;overflow:hidden;border-radius:10px;width:100%;min-width:240px;
  font:13px/1.35 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);
  background:var(--ground);user-select:none;-webkit-user-select:none}
.mlc canvas{position:absolute;inset:0;width:100%;height:100%;display:block}
.mlc-stage{position:absolute;inset:0;cursor:grab;touch-action:none;outline:none}
.mlc-stage:active{cursor:grabbing}
.mlc-stage:focus-visible::after{content:"";position:absolute;inset:0;border-radius:10px;
  box-shadow:inset 0 0 0 3px var(--accent);pointer-events:none}
.mlc-panel{position:absolute;background:var(--panel);border:1px solid var(--edge);
  border-radius:8px;box-shadow:0 1px 5px rgba(0,0,0,.14);opacity:.96}
.mlc-head{left:10px;top:10px;padding:5px 10px 6px;max-width:min(42%,246px);pointer-events:none}
.mlc-head b{display:block;font-weight:650;white-space:nowrap;overflow:hidden;
  text-overflow:ellipsis}
.mlc-head span{color:var(--faint);font-variant-numeric:tabular-nums}
.mlc-bar{right:10px;top:10px;padding:4px;display:flex;gap:4px;align-items:center;
  flex-wrap:wrap;justify-content:flex-end;max-width:calc(100% - 270px)}
.mlc-bar label{color:var(--faint);padding-left:5px}
.mlc button,.mlc select,.mlc input{font:inherit;color:var(--ink);background:var(--panel);
  border:1px solid var(--edge);border-radius:6px;height:26px;padding:0 8px;margin:0;
  cursor:pointer;appearance:auto}
.mlc button{appearance:none}
.mlc button:hover{border-color:var(--faint)}
.mlc button[aria-pressed=true]{background:var(--ink);color:var(--panel);border-color:var(--ink)}
.mlc button:focus-visible,.mlc select:focus-visible,.mlc input:focus-visible{
  outline:2px solid var(--accent);outline-offset:1px}
.mlc input{width:122px;cursor:text}
.mlc .mlc-found{right:10px;top:48px;z-index:3;max-height:240px;overflow:auto;display:none;
  list-style:none;margin:0;padding:4px;min-width:170px}
.mlc-found li{padding:3px 8px;border-radius:5px;cursor:pointer}
.mlc-found li[aria-selected=true],.mlc-found li:hover{background:var(--ground)}
.mlc-zoom{right:10px;bottom:12px;display:flex;flex-direction:column;padding:3px;gap:3px}
.mlc-zoom button{width:28px;padding:0;font-size:15px;line-height:1}
.mlc-legend{left:10px;bottom:12px;padding:6px 8px;max-width:min(230px,48%);
  max-height:calc(100% - 110px);overflow:auto}
.mlc-legend summary{cursor:pointer;font-weight:600;list-style-position:outside;
  margin-left:14px}
.mlc .mlc-item{display:flex;width:100%;align-items:center;gap:7px;border:0;height:21px;
  padding:0 2px;background:none;text-align:left;white-space:nowrap}
.mlc .mlc-item[aria-pressed]{background:none;color:var(--ink)}
.mlc .mlc-item[aria-pressed=false]{opacity:.35}
.mlc-item i{width:10px;height:10px;border-radius:50%;flex:none}
.mlc-item span{flex:1;overflow:hidden;text-overflow:ellipsis}
.mlc-item em{font-style:normal;color:var(--faint);font-variant-numeric:tabular-nums}
.mlc-ramp{height:10px;border-radius:5px;margin:6px 0 3px}
.mlc-ends{display:flex;justify-content:space-between;gap:14px;color:var(--faint)}
.mlc-tip{pointer-events:none;padding:4px 8px;display:none;z-index:4;max-width:260px}
.mlc-tip b{font-weight:600}
.mlc-tip div{color:var(--faint)}
.mlc-scale{position:absolute;right:56px;bottom:14px;color:var(--faint);font-size:11px;
  text-align:center;pointer-events:none;border-bottom:2px solid var(--faint)}
.mlc-table{opacity:1;inset:56px 10px 12px 10px;overflow:auto;padding:10px 14px;display:none;z-index:2;
  user-select:text;-webkit-user-select:text}
.mlc-table table{border-collapse:collapse;width:100%;margin-bottom:14px}
.mlc-table caption{text-align:left;font-weight:600;padding:4px 0}
.mlc-table th,.mlc-table td{text-align:left;padding:3px 10px 3px 0;
  border-bottom:1px solid var(--edge);font-weight:400}
.mlc-table thead th{color:var(--faint)}
.mlc-table td{font-variant-numeric:tabular-nums}
.mlc-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.mlc-empty{position:absolute;left:50%;top:50%;transform:translate(-50%,-50%);padding:10px 16px}
@container (max-width:620px){
  .mlc-bar label{display:none}
  .mlc-head{max-width:calc(100% - 42px)}
  .mlc-bar{top:62px;max-width:calc(100% - 30px)}
  .mlc .mlc-found{top:132px}
  .mlc-table{top:132px}
  .mlc-scale{display:none}
}
`;

const VERTEX = `#version 300 es
in vec2 before; in vec2 after; in float code;
uniform float share, scale, size, ratio, moving; uniform vec2 origin, screen;
uniform vec4 colours[16]; uniform float away[16];
out vec4 fill; out float radius, side;
void main() {
  int look = int(code) & 15; bool goes = int(code) > 15;
  vec2 pixel = (mix(before, after, share) - origin) * scale;
  fill = colours[look];
  radius = size * (goes ? 1.25 : 1.0) * (1.0 - 0.35 * away[look]);
  bool shown = goes == (moving > 0.5) && fill.a > 0.0;
  vec2 clip = pixel / screen * 2.0 - 1.0;
  gl_Position = vec4(shown ? clip * vec2(1.0, -1.0) : vec2(9.0), 0.0, 1.0);
  radius *= ratio;
  side = 2.0 * radius + 2.0;
  gl_PointSize = side;
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 fill; in float radius, side; uniform vec3 edge; uniform float border; out vec4 colour;
void main() {
  float far = length(gl_PointCoord - 0.5) * side;
  float whole = clamp(radius + 0.5 - far, 0.0, 1.0);
  float inner = clamp(radius - border + 0.5 - far, 0.0, 1.0);
  vec3 shade = mix(edge, fill.rgb, inner);
  float alpha = whole * fill.a;
  colour = vec4(shade * alpha, alpha);
}`;

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function bytesOf(model, name) {
  const value = model.get(name);
  if (!value) return new Uint8Array(0);
  if (value.buffer === undefined) return new Uint8Array(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function wholeNumbers(model, name, Kind) {
  const bytes = bytesOf(model, name);
  const copy = bytes.slice(0, bytes.length - (bytes.length % Kind.BYTES_PER_ELEMENT));
  return new Kind(copy.buffer);
}

function rgb(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
}

function number(count) {
  return count.toLocaleString("en-US");
}

// People at one place stand around it in a spiral, so that a crowd looks like one.
function spread(points, state, travel, gap) {
  const seen = new Map();
  const spots = new Float32Array(points.length);
  for (let row = 0; row < state.length; row++) {
    let x = points[2 * row];
    let y = points[2 * row + 1];
    if ((state[row] & 15) !== travel) {
      const key = x * 65536 + y;
      const rank = seen.get(key) || 0;
      seen.set(key, rank + 1);
      const radius = gap * Math.sqrt(rank);
      x += radius * Math.cos(2.39996 * rank);
      y += radius * Math.sin(2.39996 * rank);
    }
    spots[2 * row] = x;
    spots[2 * row + 1] = y;
  }
  return spots;
}

// Painters of people: both offer paint(scene), lose() and the canvas they draw on.

function shader(gl, kind, text) {
  const made = gl.createShader(kind);
  gl.shaderSource(made, text);
  gl.compileShader(made);
  if (!gl.getShaderParameter(made, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(made));
  return made;
}

function glPainter(canvas) {
  const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true });
  if (!gl) return null;
  const program = gl.createProgram();
  gl.attachShader(program, shader(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(program, shader(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
  const buffers = ["before", "after", "code"].map((name) => ({
    name, at: gl.getAttribLocation(program, name), buffer: gl.createBuffer(), held: null,
  }));
  const at = (name) => gl.getUniformLocation(program, name);
  const uniforms = Object.fromEntries(
    ["share", "scale", "size", "ratio", "moving", "origin", "screen", "colours", "away", "edge",
      "border"].map((name) => [name, at(name)]));
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);

  function load(one, data) {
    if (one.held === data) return;
    one.held = data;
    const isCode = one.name === "code";
    gl.bindBuffer(gl.ARRAY_BUFFER, one.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(one.at);
    gl.vertexAttribPointer(one.at, isCode ? 1 : 2, isCode ? gl.UNSIGNED_BYTE : gl.FLOAT, false, 0, 0);
  }

  function paint(scene) {
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!scene.count || !scene.shown) return;
    buffers.forEach((one) => load(one, scene[one.name]));
    gl.uniform1f(uniforms.share, scene.share);
    gl.uniform1f(uniforms.scale, scene.scale);
    gl.uniform1f(uniforms.size, scene.size);
    gl.uniform1f(uniforms.ratio, scene.ratio);
    gl.uniform2f(uniforms.origin, scene.x, scene.y);
    gl.uniform2f(uniforms.screen, scene.width, scene.height);
    gl.uniform4fv(uniforms.colours, scene.colours);
    gl.uniform1fv(uniforms.away, scene.away);
    gl.uniform3fv(uniforms.edge, scene.edge);
    gl.uniform1f(uniforms.border, scene.border * scene.ratio);
    for (const moving of [0, 1]) {
      gl.uniform1f(uniforms.moving, moving);
      gl.drawArrays(gl.POINTS, 0, scene.count);
    }
  }

  function lose() {
    const extension = gl.getExtension("WEBGL_lose_context");
    if (extension) extension.loseContext();
  }
  return { paint, lose, name: "webgl2", canvas };
}

function planePainter(canvas) {
  const context = canvas.getContext("2d");

  function stamp(scene, look, radius) {
    const side = Math.ceil((2 * radius + 2) * scene.ratio);
    const sprite = document.createElement("canvas");
    sprite.width = sprite.height = side;
    const pen = sprite.getContext("2d");
    const [red, green, blue, alpha] = scene.colours.slice(4 * look, 4 * look + 4);
    const fill = (channels) => `rgba(${channels.map((one) => Math.round(255 * one)).join()},${alpha})`;
    pen.beginPath();
    pen.arc(side / 2, side / 2, radius * scene.ratio, 0, 7);
    pen.fillStyle = fill(scene.edge);
    pen.fill();
    pen.beginPath();
    pen.arc(side / 2, side / 2, Math.max(radius - scene.border, 0.8) * scene.ratio, 0, 7);
    pen.fillStyle = fill([red, green, blue]);
    pen.fill();
    return sprite;
  }

  function paint(scene) {
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (!scene.count || !scene.shown) return;
    const { before, after, code, share, scale, ratio } = scene;
    for (const moving of [false, true]) {
      const stamps = Array.from({ length: 16 }, (_, look) =>
        scene.colours[4 * look + 3] > 0
          ? stamp(scene, look, scene.size * (moving ? 1.25 : 1) * (1 - 0.35 * scene.away[look]))
          : null);
      for (let row = 0; row < scene.count; row++) {
        const sprite = code[row] > 15 === moving ? stamps[code[row] & 15] : null;
        if (!sprite) continue;
        const x = before[2 * row] + share * (after[2 * row] - before[2 * row]);
        const y = before[2 * row + 1] + share * (after[2 * row + 1] - before[2 * row + 1]);
        const left = (x - scene.x) * scale * ratio - sprite.width / 2;
        const top = (y - scene.y) * scale * ratio - sprite.height / 2;
        if (left < -sprite.width || top < -sprite.height) continue;
        if (left > canvas.width || top > canvas.height) continue;
        context.drawImage(sprite, left, top);
      }
    }
  }
  return { paint, lose: () => {}, name: "2d", canvas };
}

// Everything below belongs to one map.

function render({ model, el }) {
  const root = element("div", { class: "mlc" });
  root.style.containerType = "inline-size";
  const stage = element("div", { class: "mlc-stage", tabindex: "0", role: "img" });
  const canvases = {};
  for (const name of ["ground", "flows", "people", "labels", "marks"]) {
    canvases[name] = element("canvas", { class: `mlc-${name}`, "aria-hidden": "true" });
    stage.append(canvases[name]);
  }
  const title = element("b");
  const when = element("span");
  const head = element("div", { class: "mlc-panel mlc-head" }, title, when);
  const choice = element("select", { "aria-label": "Colour by", class: "mlc-by" });
  const search = element("input", {
    type: "search", placeholder: "Find a person", "aria-label": "Find a person by name",
    role: "combobox", "aria-expanded": "false",
  });
  const found = element("ul", { class: "mlc-panel mlc-found", role: "listbox" });
  const toggles = {};
  const pressed = (label, text, act) => element(
    "button", { type: "button", "aria-pressed": "false", title: label, onclick: act }, text);
  const bar = element("div", { class: "mlc-panel mlc-bar" },
    element("label", {}, "Colour"), choice);
  for (const [name, text] of [["people", "People"], ["heat", "Heat"], ["trips", "Trips"], ["streets", "Streets"],
    ["places", "Places"]]) {
    toggles[name] = pressed(`Show or hide ${text.toLowerCase()}`, text, () => toggleLayer(name));
    bar.append(toggles[name]);
  }
  const follow = pressed("Keep the selected person in the middle (F)", "Follow", () => setFollow(!following));
  const tabled = pressed("The map as a table", "Table", () => setTable(!tableShown));
  const picture = element("button",
    { type: "button", title: "Save a picture of the map", onclick: savePicture }, "PNG");
  bar.append(follow, tabled, picture, search);
  const zoom = element("div", { class: "mlc-panel mlc-zoom" });
  for (const [label, text, act] of [["Zoom in", "+", () => zoomBy(1.6)],
    ["Zoom out", "\u2212", () => zoomBy(1 / 1.6)], ["Show all", "\u2922", showAll]]) {
    zoom.append(element("button", { type: "button", "aria-label": label, title: label, onclick: act }, text));
  }
  const legend = element("details", { class: "mlc-panel mlc-legend", open: "" });
  const tip = element("div", { class: "mlc-panel mlc-tip", role: "tooltip" });
  const scaleBar = element("div", { class: "mlc-scale" });
  const table = element("div", { class: "mlc-panel mlc-table", role: "region", tabindex: "0",
    "aria-label": "The map as a table" });
  const said = element("div", { class: "mlc-hidden", "aria-live": "polite" });
  const hint = element("div", { class: "mlc-hidden", id: `mlc-${Math.random().toString(36).slice(2)}` }, HINT);
  const empty = element("div", { class: "mlc-panel mlc-empty" }, "Nobody lives here yet.");
  stage.setAttribute("aria-describedby", hint.id);
  const style = element("style");
  style.textContent = CSS;
  root.append(style, stage, head, bar, found, legend, scaleBar, zoom, tip, table, said, hint, empty);
  el.append(root);

  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  let width = 600, height = 400, ratio = 1;
  let view = { x: 0, y: 0, scale: 0.01 }, touched = false;
  let before = new Float32Array(0), after = before, code = new Uint8Array(0);
  let state = new Uint8Array(0), ids = new Int32Array(0), names = [], rowOf = new Map();
  let began = 0, lasts = 0, updated = 0, interval = 300;
  let colours = new Float32Array(64), muted = new Set(), look = {}, theme = {}, isDark = false;
  let groupOf = [], travel = -1, following = false, tableShown = false, tableTime = 0;
  let hovered = -1, cursor = -1, frame = 0, dirty = { ground: true, flows: true }, groundTimer = 0;
  let groundView = null, flowsView = null, ended = false, painter = null, pixels = null;
  let isSettled = false;

  const layers = () => new Set(model.get("layers") || []);
  const share = () => (lasts > 0 ? Math.min((performance.now() - began) / lasts, 1) : 1);
  const travelled = (row, part) => [
    before[2 * row] + part * (after[2 * row] - before[2 * row]),
    before[2 * row + 1] + part * (after[2 * row + 1] - before[2 * row + 1])];
  const onScreen = ([x, y]) => [(x - view.x) * view.scale, (y - view.y) * view.scale];
  const nameOf = (row) => names[row] || `person ${ids[row]}`;
  const doingOf = (row) => (model.get("doings") || [])[state[row] & 15] || "";
  const selectedRow = () => {
    const row = rowOf.get(model.get("selected"));
    return row === undefined ? -1 : row;
  };

  // Data that come from the model.

  function takePeople() {
    const points = wholeNumbers(model, "xy", Uint16Array);
    state = bytesOf(model, "state").slice();
    if (points.length !== 2 * state.length) return;
    const unit = (model.get("frame") || {}).unit_m || 1;
    const spots = spread(points, state, travel, Math.max(4 / unit, 0.9 / fitScale()));
    const now = performance.now();
    const isSame = spots.length === after.length;
    if (updated) interval = 0.6 * interval + 0.4 * Math.min(now - updated, 1500);
    updated = now;
    if (isSame && !still.matches) {
      const part = share();
      const from = new Float32Array(spots.length);
      for (let at = 0; at < from.length; at++) from[at] = before[at] + part * (after[at] - before[at]);
      before = from;
      lasts = Math.max(interval, 60);
    } else {
      before = spots;
      lasts = 0;
    }
    after = spots;
    began = now;
    empty.style.display = state.length ? "none" : "block";
    takeCodes();
    if (layers().has("heat")) dirty.flows = true;
    describe();
    draw();
  }

  function takeCodes() {
    code = new Uint8Array(state.length);
    for (let row = 0; row < state.length; row++) {
      code[row] = (state[row] >> 4) | ((state[row] & 15) === travel ? 16 : 0);
    }
  }

  function takeIds() {
    ids = wholeNumbers(model, "person", Int32Array);
    names = (model.get("names") || "").split("\n");
    rowOf = new Map(Array.from(ids, (id, row) => [id, row]));
    draw();
  }

  function takeLook() {
    const doings = model.get("doings") || [];
    travel = doings.indexOf("travel");
    look = model.get("colouring") || {};
    isDark = darkWanted();
    theme = (model.get("themes") || {})[isDark ? "dark" : "light"] || {};
    for (const [name, value] of Object.entries(theme)) root.style.setProperty(`--${name}`, value);
    root.style.colorScheme = isDark ? "dark" : "light";
    takeColours();
    takeCodes();
    fillChoices();
    fillLegend();
    dirty.ground = dirty.flows = true;
    draw();
  }

  function takeColours() {
    const shades = look[isDark ? "dark" : "light"] || [];
    colours = new Float32Array(64);
    for (let at = 0; at < 16; at++) {
      const shade = at < shades.length ? shades[at] : theme.unknown || "#999999";
      const alpha = muted.has(at) ? 0 : at < shades.length ? 1 : at === UNKNOWN ? 0.5 : 0;
      colours.set([...rgb(shade), alpha], 4 * at);
    }
  }

  function darkWanted() {
    const wish = model.get("theme");
    if (wish === "dark" || wish === "light") return wish === "dark";
    if (root.closest(".theme--dark, .v-theme--dark, [data-theme=dark]")) return true;
    if (root.closest(".theme--light, .v-theme--light, [data-theme=light]")) return false;
    return night.matches;
  }

  // Panels.

  function fillChoices() {
    const by = model.get("by");
    choice.replaceChildren(...(model.get("choices") || []).map((one) => {
      const option = element("option", { value: one }, one);
      option.selected = one === by;
      return option;
    }));
  }

  function fillLegend() {
    const labels = look.labels || [];
    const summary = element("summary", {}, look.by === "belief" ? "what they think of places" : look.by || "");
    const rows = labels.map((label, at) => item(label, at));
    if (look.by === "mode") rows.push(item("not under way", UNKNOWN));
    if (!labels.length) {
      const shades = look[isDark ? "dark" : "light"] || [];
      const ramp = element("div", { class: "mlc-ramp" });
      ramp.style.background = `linear-gradient(90deg,${shades.join()})`;
      const [low, high] = look.ends || ["", ""];
      rows.push(ramp, element("div", { class: "mlc-ends" },
        element("span", {}, low), element("span", {}, high)), item("unknown", UNKNOWN));
    }
    legend.replaceChildren(summary, ...rows);
    countLegend();
  }

  function item(label, at) {
    const dot = element("i");
    const [red, green, blue] = Array.from(colours.slice(4 * at, 4 * at + 3), (one) => Math.round(255 * one));
    dot.style.background = `rgb(${red},${green},${blue})`;
    const made = element("button", {
      type: "button", class: "mlc-item", "aria-pressed": String(!muted.has(at)), "data-at": at,
      title: `Show or hide: ${label}`,
      onclick: () => {
        if (muted.has(at)) muted.delete(at);
        else muted.add(at);
        takeColours();
        made.setAttribute("aria-pressed", String(!muted.has(at)));
        draw();
      },
    }, dot, element("span", {}, label), element("em"));
    return made;
  }

  function counts() {
    const tally = new Uint32Array(16);
    for (let row = 0; row < state.length; row++) tally[state[row] >> 4] += 1;
    return tally;
  }

  function countLegend() {
    const tally = counts();
    for (const made of legend.querySelectorAll(".mlc-item")) {
      const at = Number(made.dataset.at);
      made.querySelector("em").textContent = number(tally[at]);
      if (at === UNKNOWN && !(look.labels || []).length) made.style.display = tally[at] ? "" : "none";
    }
  }

  function describe() {
    title.textContent = model.get("title") || "";
    when.textContent = model.get("when") || "";
    countLegend();
    const doings = model.get("doings") || [];
    const tally = new Uint32Array(16);
    for (let row = 0; row < state.length; row++) tally[state[row] & 15] += 1;
    const told = doings.map((doing, at) => [tally[at], doing]).filter(([count]) => count)
      .sort((one, other) => other[0] - one[0]).map(([count, doing]) => `${doing} ${number(count)}`);
    const about = `Map of ${model.get("title") || "the city"}, ${model.get("when") || ""}: ` +
      `${number(state.length)} people; ${told.join(", ")}`;
    stage.setAttribute("aria-label", about);
    if (tableShown && performance.now() - tableTime > 900) fillTable();
  }

  function setTable(on) {
    tableShown = on;
    tabled.setAttribute("aria-pressed", String(on));
    table.style.display = on ? "block" : "none";
    if (on) fillTable();
  }

  function rowsOf(caption, header, rows) {
    const cells = (row) => row.map((cell, at) => element(at ? "td" : "th", at ? {} : { scope: "row" }, String(cell)));
    return element("table", {}, element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...header.map((one) => element("th", { scope: "col" }, one)))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells(row)))));
  }

  // Zones are painted with their numbers as colours, so that a point finds its zone.
  function zoneFinder() {
    const side = 1024, sizes = model.get("zone_sizes") || [];
    if (pixels || !sizes.length) return pixels;
    const pen = Object.assign(document.createElement("canvas"), { width: side, height: side })
      .getContext("2d", { willReadFrequently: true });
    eachZone((path, at) => {
      const id = at + 1;
      pen.fillStyle = `rgb(${id & 255},${(id >> 8) & 255},0)`;
      pen.beginPath();
      for (let step = 0; step < path.length; step += 2) {
        pen.lineTo(path[step] * side / UNITS, path[step + 1] * side / UNITS);
      }
      pen.fill();
    });
    const data = pen.getImageData(0, 0, side, side).data;
    pixels = (x, y) => {
      const column = Math.min(Math.max(Math.round(x * side / UNITS), 0), side - 1);
      const row = Math.min(Math.max(Math.round(y * side / UNITS), 0), side - 1);
      const at = 4 * (row * side + column);
      // Anti-aliased borders hold no zone.
      return data[at + 3] === 255 && data[at + 2] === 0 ? data[at] + 256 * data[at + 1] - 1 : -1;
    };
    return pixels;
  }

  function fillTable() {
    tableTime = performance.now();
    const doings = model.get("doings") || [], total = Math.max(state.length, 1);
    const doing = new Uint32Array(16);
    const zones = new Map(), find = zoneFinder(), zoneNames = model.get("zone_names") || [];
    for (let row = 0; row < state.length; row++) {
      doing[state[row] & 15] += 1;
      const at = find ? find(after[2 * row], after[2 * row + 1]) : -1;
      const zone = zoneNames[at] || "elsewhere";
      if (!zones.has(zone)) zones.set(zone, new Uint32Array(16));
      zones.get(zone)[state[row] & 15] += 1;
    }
    const percent = (count) => `${(100 * count / total).toFixed(1)} %`;
    const activities = doings.map((one, at) => [one, doing[at]]).filter(([, count]) => count)
      .sort((one, other) => other[1] - one[1])
      .map(([one, count]) => [one, number(count), percent(count)]);
    const places = Array.from(zones, ([zone, tally]) => {
      const people = tally.reduce((sum, one) => sum + one, 0);
      const most = tally.indexOf(Math.max(...tally));
      return [zone, people, doings[most] || "", tally[travel] || 0];
    }).sort((one, other) => other[1] - one[1])
      .map(([zone, people, most, moving]) => [zone, number(people), most, number(moving)]);
    const now = `${model.get("title") || ""}, ${model.get("when") || ""}`;
    table.replaceChildren(
      rowsOf(`What people do \u2013 ${now}`, ["Activity", "People", "Share"], activities),
      rowsOf("Where they are", ["Zone", "People", "Most are at", "Under way"], places));
  }

  function toggleLayer(name) {
    const now = layers();
    if (now.has(name)) now.delete(name);
    else now.add(name);
    model.set("layers", LAYERS.filter((one) => now.has(one)));
    model.save_changes();
    showLayers();
  }

  function showLayers() {
    const now = layers();
    for (const [name, button] of Object.entries(toggles)) {
      button.setAttribute("aria-pressed", String(now.has(name)));
    }
    dirty.ground = dirty.flows = true;
    draw();
  }

  // Where one looks.

  function bounds() {
    const { left = 0, top = 0, width: wide = UNITS, height: tall = UNITS } = model.get("frame") || {};
    return { left, top, wide, tall };
  }

  // The city begins below the bar rather than under it.
  function inset() {
    return bar.offsetTop + bar.offsetHeight - 6;
  }

  function fitScale() {
    const { wide, tall } = bounds();
    return Math.min(width / wide, Math.max(height - inset(), 80) / tall);
  }

  // The legend covers the left; where there is room to spare, the city gives way to it.
  function aside(spare) {
    const covered = legend.open ? legend.offsetLeft + legend.offsetWidth : 0;
    return Math.max(Math.min(covered, spare) / 2, 0);
  }

  function fit() {
    const { left, top, wide, tall } = bounds();
    const scale = fitScale();
    view = {
      scale,
      x: left + (wide - width / scale) / 2 - aside(width - wide * scale) / scale,
      y: top + (tall - (height + inset()) / scale) / 2,
    };
    touched = false;
    showTip(-1);
    moved();
  }

  function showAll() {
    setFollow(false);
    fit();
  }

  function zoomBy(factor, x = width / 2, y = height / 2) {
    const least = 0.7 * Math.min(fitScale(), Math.min(width, height) / UNITS);
    const scale = Math.min(Math.max(view.scale * factor, least), fitScale() * 200);
    view = {
      scale,
      x: view.x + x / view.scale - x / scale,
      y: view.y + y / view.scale - y / scale,
    };
    touched = true;
    showTip(-1);
    moved();
  }

  function panBy(x, y) {
    setFollow(false);
    view = { ...view, x: view.x - x / view.scale, y: view.y - y / view.scale };
    touched = true;
    showTip(-1);
    moved();
  }

  function lookAt(row, scale = view.scale) {
    const [x, y] = travelled(row, share());
    view = { scale, x: x - width / 2 / scale, y: y - height / 2 / scale };
    touched = true;
    moved();
  }

  function moved() {
    // While one moves, the last drawing is moved along; it is drawn anew at rest.
    clearTimeout(groundTimer);
    groundTimer = setTimeout(() => {
      dirty.ground = dirty.flows = true;
      draw();
    }, 90);
    draw();
  }

  function setFollow(on) {
    following = on && selectedRow() >= 0;
    follow.setAttribute("aria-pressed", String(following));
    if (on && !following) said.textContent = "Select a person first.";
    if (following) lookAt(selectedRow(), Math.max(view.scale, 5 * fitScale()));
  }

  // Drawing.

  function draw() {
    if (!frame && !ended) frame = requestAnimationFrame(paint);
  }

  function place(canvas, drawn) {
    if (!drawn) return;
    const grow = view.scale / drawn.scale;
    const x = (drawn.x - view.x) * view.scale, y = (drawn.y - view.y) * view.scale;
    const isSame = Math.abs(grow - 1) < 1e-9 && Math.abs(x) < 0.01 && Math.abs(y) < 0.01;
    canvas.style.transformOrigin = "0 0";
    canvas.style.transform = isSame ? "" : `translate(${x}px,${y}px) scale(${grow})`;
  }

  function pen(canvas) {
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  function eachZone(act) {
    const points = wholeNumbers(model, "zones", Uint16Array);
    let at = 0;
    (model.get("zone_sizes") || []).forEach((size, zone) => {
      act(points.subarray(at, at + 2 * size), zone);
      at += 2 * size;
    });
  }

  function paintGround() {
    dirty.ground = false;
    groundView = view;
    const context = pen(canvases.ground), shown = layers();
    const near = view.scale / fitScale();
    if (shown.has("zones")) paintZones(context);
    if (shown.has("streets")) paintStreets(context, near);
    if (shown.has("places")) {
      paintDots(context, "homes", theme.home, Math.min(1.6 + 0.25 * near, 4));
      paintDots(context, "places", theme.place, Math.min(1.8 + 0.3 * near, 5));
    }
    paintStations(pen(canvases.labels));
  }

  function paintZones(context) {
    context.beginPath();
    eachZone((path) => {
      for (let at = 0; at < path.length; at += 2) {
        const [x, y] = onScreen([path[at], path[at + 1]]);
        if (at) context.lineTo(x, y);
        else context.moveTo(x, y);
      }
    });
    context.fillStyle = theme.land;
    context.fill("evenodd");
    context.strokeStyle = theme.edge;
    context.lineWidth = 1;
    context.stroke();
  }

  function paintStreets(context, near) {
    const points = wholeNumbers(model, "streets", Uint16Array);
    context.beginPath();
    for (let at = 0; at < points.length; at += 4) {
      const [x, y] = onScreen([points[at], points[at + 1]]);
      const [u, v] = onScreen([points[at + 2], points[at + 3]]);
      if (Math.max(x, u) < 0 || Math.min(x, u) > width) continue;
      if (Math.max(y, v) < 0 || Math.min(y, v) > height) continue;
      context.moveTo(x, y);
      context.lineTo(u, v);
    }
    context.strokeStyle = theme.street;
    context.lineCap = "round";
    context.lineWidth = Math.min(0.7 + 0.22 * near, 6);
    context.stroke();
  }

  function paintDots(context, name, colour, side) {
    const points = wholeNumbers(model, name, Uint16Array);
    context.fillStyle = colour;
    for (let at = 0; at < points.length; at += 2) {
      const [x, y] = onScreen([points[at], points[at + 1]]);
      if (x > -4 && y > -4 && x < width + 4 && y < height + 4) {
        context.fillRect(x - side / 2, y - side / 2, side, side);
      }
    }
  }

  function paintStations(context) {
    const points = wholeNumbers(model, "stations", Uint16Array);
    const labels = model.get("station_names") || [];
    context.font = "600 11px system-ui,sans-serif";
    context.textAlign = "left";
    context.textBaseline = "middle";
    const seen = [], taken = [];
    for (let at = 0; at < points.length; at += 2) {
      const [x, y] = onScreen([points[at], points[at + 1]]);
      if (x > -60 && y > -9 && x < width + 9 && y < height + 9) seen.push([x, y, labels[at / 2] || ""]);
    }
    const isDense = seen.length > 60, half = isDense ? 2 : 3.5;
    for (const [x, y, label] of seen) {
      context.fillStyle = theme.ground;
      context.strokeStyle = theme.station;
      context.lineWidth = isDense ? 1 : 1.6;
      context.beginPath();
      context.rect(x - half, y - half, 2 * half, 2 * half);
      context.fill();
      context.stroke();
      const wide = context.measureText(label).width + 16;
      const isFree = taken.every(([u, v, w]) => Math.abs(y - v) > 13 || x + wide < u || u + w < x);
      if (!label || !isFree || isDense) continue;
      taken.push([x, y, wide]);
      context.lineWidth = 3;
      context.strokeStyle = theme.land;
      context.strokeText(label, x + 7, y);
      context.fillStyle = theme.station;
      context.fillText(label, x + 7, y);
    }
  }

  function paintFlows() {
    dirty.flows = false;
    flowsView = view;
    const context = pen(canvases.flows), shown = layers();
    if (shown.has("heat")) paintHeat(context);
    if (shown.has("trips")) paintTrips(context);
  }

  // How many people there are per area: counted in cells, blurred, and drawn as one picture.
  function paintHeat(context) {
    const cell = 6, wide = Math.ceil(width / cell) + 1, tall = Math.ceil(height / cell) + 1;
    let grid = new Float32Array(wide * tall);
    for (let row = 0; row < state.length; row++) {
      if (!colours[4 * code[row] % 64 + 3]) continue;
      const [x, y] = onScreen([after[2 * row], after[2 * row + 1]]);
      const column = Math.floor(x / cell), line = Math.floor(y / cell);
      if (column >= 0 && line >= 0 && column < wide && line < tall) grid[line * wide + column] += 1;
    }
    for (let pass = 0; pass < 3; pass++) grid = blurred(blurred(grid, wide, tall), tall, wide);
    const most = grid.reduce((top, one) => Math.max(top, one), 1e-6);
    const image = new ImageData(wide, tall), low = isDark ? [80, 30, 120] : [253, 190, 110];
    const high = isDark ? [255, 236, 150] : [150, 0, 40];
    for (let at = 0; at < grid.length; at++) {
      const part = Math.sqrt(grid[at] / most);
      for (let one = 0; one < 3; one++) {
        image.data[4 * at + one] = low[one] + part * (high[one] - low[one]);
      }
      image.data[4 * at + 3] = 255 * Math.min(1.6 * part, 0.85) * (part > 0.03 ? 1 : 0);
    }
    const small = Object.assign(document.createElement("canvas"), { width: wide, height: tall });
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(small, 0, 0, wide * cell, tall * cell);
  }

  // Averages over five cells along lines, returned with lines and columns exchanged.
  function blurred(grid, wide, tall) {
    const out = new Float32Array(grid.length);
    for (let line = 0; line < tall; line++) {
      for (let column = 0; column < wide; column++) {
        let sum = 0;
        for (let step = -2; step <= 2; step++) {
          const at = Math.min(Math.max(column + step, 0), wide - 1);
          sum += grid[line * wide + at];
        }
        out[column * tall + line] = sum / 5;
      }
    }
    return out;
  }

  function paintTrips(context) {
    const ends = wholeNumbers(model, "ways", Uint16Array), modes = bytesOf(model, "way_modes");
    const shades = (model.get("mode_look") || {})[isDark ? "dark" : "light"] || [];
    context.globalAlpha = Math.min(Math.max(9 / Math.sqrt(modes.length + 1), 0.08), 0.55);
    context.lineWidth = 1.2;
    shades.forEach((shade, mode) => {
      context.strokeStyle = shade;
      for (let row = 0; row < modes.length; row++) {
        if (modes[row] !== mode) continue;
        const [x, y] = onScreen([ends[4 * row], ends[4 * row + 1]]);
        const [u, v] = onScreen([ends[4 * row + 2], ends[4 * row + 3]]);
        context.beginPath();
        context.moveTo(x, y);
        // Bent to the left of the way, so that there and back are told apart.
        context.quadraticCurveTo((x + u) / 2 + (v - y) * 0.12, (y + v) / 2 - (u - x) * 0.12, u, v);
        context.stroke();
      }
    });
    context.globalAlpha = 1;
  }

  function paintMarks(part) {
    const context = pen(canvases.marks);
    for (const [row, colour] of [[hovered, theme.ink], [cursor, theme.ink], [selectedRow(), theme.accent]]) {
      if (row < 0 || row >= state.length) continue;
      const [x, y] = onScreen(travelled(row, part));
      context.beginPath();
      context.arc(x, y, size() + 4.5, 0, 7);
      context.lineWidth = 2.5;
      context.strokeStyle = colour;
      context.stroke();
    }
    const row = selectedRow();
    if (row < 0) return;
    const [x, y] = onScreen(travelled(row, part));
    context.font = "600 12px system-ui,sans-serif";
    context.textBaseline = "middle";
    context.lineWidth = 4;
    context.strokeStyle = theme.panel;
    const label = nameOf(row), far = size() + 9, wide = context.measureText(label).width;
    const left = x + far + wide > width ? x - far - wide : x + far;
    context.strokeText(label, left, y);
    context.fillStyle = theme.ink;
    context.fillText(label, left, y);
  }

  function size() {
    const base = state.length > 4000 ? 2.3 : state.length > 1200 ? 2.9 : 3.7;
    return base * Math.min(Math.max(Math.pow(view.scale / fitScale(), 0.3), 0.9), 2.4);
  }

  function scene(part) {
    const away = new Float32Array(16), shown = layers();
    away[UNKNOWN] = 1;
    return {
      before, after, code, count: state.length, share: part, scale: view.scale, x: view.x, y: view.y,
      width, height, ratio, size: size(), away, edge: rgb(theme.land || "#ffffff"),
      border: Math.min(0.22 * size(), 1), shown: shown.has("people"),
      // Over heat, people step back.
      colours: shown.has("heat") ? colours.map((one, at) => (at % 4 === 3 ? 0.45 * one : one)) : colours,
    };
  }

  function paint() {
    frame = 0;
    if (ended || !width || !height) return;
    const part = share();
    if (following && selectedRow() >= 0) {
      const [x, y] = travelled(selectedRow(), part);
      const to = { ...view, x: x - width / 2 / view.scale, y: y - height / 2 / view.scale };
      if (Math.hypot(to.x - view.x, to.y - view.y) * view.scale > 0.3) {
        view = to;
        moved();
      }
    }
    if (dirty.ground) paintGround();
    if (dirty.flows) paintFlows();
    place(canvases.ground, groundView);
    place(canvases.labels, groundView);
    place(canvases.flows, flowsView);
    painter.paint(scene(part));
    paintMarks(part);
    paintScale();
    if (part < 1) draw();
  }

  function paintScale() {
    const metres = ((model.get("frame") || {}).unit_m || 1) / view.scale;
    const aim = 110 * metres, power = Math.pow(10, Math.floor(Math.log10(aim)));
    const round = power * Math.max(...[1, 2, 5].filter((one) => one * power <= aim));
    scaleBar.style.width = `${round / metres}px`;
    scaleBar.textContent = round >= 1000 ? `${round / 1000} km` : `${round} m`;
  }

  function choosePainter() {
    if (painter) painter.lose();
    const fresh = canvases.people.cloneNode();
    canvases.people.replaceWith(fresh);
    canvases.people = fresh;
    painter = null;
    if (model.get("renderer") !== "2d") {
      try {
        painter = glPainter(fresh);
      } catch (error) {
        painter = null;
      }
      fresh.addEventListener("webglcontextlost", fallBack);
    }
    if (!painter) {
      const plain = fresh.cloneNode();
      fresh.replaceWith(plain);
      canvases.people = plain;
      painter = planePainter(plain);
    }
    root.dataset.renderer = painter.name;
  }

  function fallBack(event) {
    event.preventDefault();
    if (ended) return;
    const plain = canvases.people.cloneNode();
    canvases.people.replaceWith(plain);
    canvases.people = plain;
    painter = planePainter(plain);
    root.dataset.renderer = painter.name;
    resize();
  }

  // The page around is known only once the map stands in it.
  function settle() {
    isSettled = true;
    legend.open = root.clientWidth > 620;
    const app = root.closest(".v-application");
    if (app) themes.observe(app, { attributes: true, attributeFilter: ["class"] });
    onTheme();
  }

  function resize() {
    const box = root.getBoundingClientRect();
    if (!box.width) return;
    if (!isSettled) settle();
    const centre = [view.x + width / 2 / view.scale, view.y + height / 2 / view.scale];
    width = box.width;
    height = box.height;
    ratio = Math.min(window.devicePixelRatio || 1, 2);
    for (const canvas of Object.values(canvases)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    if (touched) view = { ...view, x: centre[0] - width / 2 / view.scale, y: centre[1] - height / 2 / view.scale };
    else fit();
    dirty.ground = dirty.flows = true;
    draw();
  }

  function savePicture() {
    dirty.ground = dirty.flows = true;
    paint();
    const sheet = document.createElement("canvas");
    sheet.width = canvases.ground.width;
    sheet.height = canvases.ground.height;
    const context = sheet.getContext("2d");
    context.fillStyle = theme.ground;
    context.fillRect(0, 0, sheet.width, sheet.height);
    painter.paint(scene(share()));
    for (const canvas of Object.values(canvases)) context.drawImage(canvas, 0, 0);
    context.scale(ratio, ratio);
    context.font = "600 14px system-ui,sans-serif";
    context.fillStyle = theme.ink;
    context.fillText(`${title.textContent}  ${when.textContent}`, 14, 24);
    pictureLegend(context);
    sheet.toBlob((blob) => {
      const link = element("a", { href: URL.createObjectURL(blob), download: "city.png" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }

  function pictureLegend(context) {
    const labels = look.labels || [], tally = counts();
    context.font = "12px system-ui,sans-serif";
    context.textBaseline = "middle";
    if (!labels.length) {
      const shades = look[isDark ? "dark" : "light"] || [], [low, high] = look.ends || ["", ""];
      shades.forEach((shade, at) => {
        context.fillStyle = shade;
        context.fillRect(14 + 10 * at, height - 24, 10, 10);
      });
      context.fillStyle = theme.ink;
      context.fillText(`${look.by}: ${low} to ${high}`, 14, height - 34);
    }
    labels.forEach((label, at) => {
      const y = height - 14 - 18 * (labels.length - 1 - at);
      context.fillStyle = look[isDark ? "dark" : "light"][at];
      context.beginPath();
      context.arc(20, y, 5, 0, 7);
      context.fill();
      context.fillStyle = theme.ink;
      context.fillText(`${label}  ${number(tally[at])}`, 32, y);
    });
  }

  // What one does.

  function nearest(x, y, reach) {
    let best = -1, least = reach * reach;
    const part = share();
    for (let row = 0; row < state.length; row++) {
      if (!colours[4 * (code[row] & 15) + 3]) continue;
      const dx = (before[2 * row] + part * (after[2 * row] - before[2 * row]) - view.x) * view.scale - x;
      const dy = (before[2 * row + 1] + part * (after[2 * row + 1] - before[2 * row + 1]) - view.y) * view.scale - y;
      const far = dx * dx + dy * dy;
      if (far < least) {
        least = far;
        best = row;
      }
    }
    return best;
  }

  function meaning(row) {
    const at = state[row] >> 4, labels = look.labels || [];
    if (look.by === "activity" || at === UNKNOWN) return "";
    if (labels.length) return `by ${labels[at]}`;
    const value = look.low + (look.high - look.low) * at / 14;
    return `${look.by} about ${value.toFixed(1)}`;
  }

  function showTip(row, x, y) {
    if (row !== hovered) {
      hovered = row;
      draw();
    }
    if (row < 0) {
      tip.style.display = "none";
      return;
    }
    const told = [doingOf(row), meaning(row)].filter(Boolean).join(", ");
    tip.replaceChildren(element("b", {}, nameOf(row)), element("div", {}, told));
    tip.style.display = "block";
    tip.style.left = `${Math.min(x + 14, width - tip.offsetWidth - 6)}px`;
    tip.style.top = `${Math.min(y + 14, height - tip.offsetHeight - 6)}px`;
  }

  function select(row) {
    model.set("selected", row < 0 ? -1 : ids[row]);
    model.save_changes();
    if (row < 0) setFollow(false);
    draw();
  }

  const pointers = new Map();
  let dragged = 0, pinch = 0;

  function local(event) {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  const gestures = {
    pointerdown(event) {
      stage.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, local(event));
      dragged = 0;
      pinch = 0;
    },
    pointermove(event) {
      const [x, y] = local(event), last = pointers.get(event.pointerId);
      if (!last) {
        showTip(nearest(x, y, 14), x, y);
        return;
      }
      pointers.set(event.pointerId, [x, y]);
      if (pointers.size === 2) {
        const [[a, b], [c, d]] = [...pointers.values()];
        const apart = Math.hypot(a - c, b - d);
        if (pinch) zoomBy(apart / pinch, (a + c) / 2, (b + d) / 2);
        pinch = apart;
        dragged = 99;
        return;
      }
      dragged += Math.hypot(x - last[0], y - last[1]);
      if (dragged < 4) return;
      panBy(x - last[0], y - last[1]);
    },
    pointerup(event) {
      const [x, y] = local(event);
      if (pointers.delete(event.pointerId) && dragged < 4) select(nearest(x, y, 14));
    },
    pointercancel(event) {
      pointers.delete(event.pointerId);
    },
    pointerleave() {
      showTip(-1);
    },
    dblclick(event) {
      zoomBy(2, ...local(event));
    },
    wheel(event) {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 18 : 1;
      zoomBy(Math.exp(-0.0016 * Math.max(Math.min(event.deltaY * lines, 240), -240)), ...local(event));
    },
    keydown: pressKey,
    blur() {
      cursor = -1;
      showTip(-1);
      draw();
    },
  };

  function pressKey(event) {
    const step = 60;
    const acts = {
      ArrowLeft: () => panBy(step, 0),
      ArrowRight: () => panBy(-step, 0),
      ArrowUp: () => panBy(0, step),
      ArrowDown: () => panBy(0, -step),
      "+": () => zoomBy(1.4),
      "=": () => zoomBy(1.4),
      "-": () => zoomBy(1 / 1.4),
      0: showAll,
      n: () => cycle(1),
      p: () => cycle(-1),
      Enter: () => cursor >= 0 && select(cursor),
      f: () => setFollow(!following),
      "/": () => search.focus(),
      Escape: () => select(-1),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  function cycle(step) {
    if (!state.length) return;
    const start = cursor >= 0 ? cursor : Math.max(selectedRow(), step > 0 ? -1 : 0);
    cursor = (start + step + state.length) % state.length;
    const [x, y] = onScreen(travelled(cursor, share()));
    if (x < 20 || y < 20 || x > width - 20 || y > height - 20) lookAt(cursor);
    said.textContent = [nameOf(cursor), doingOf(cursor), meaning(cursor)].filter(Boolean).join(", ");
    showTip(cursor, ...onScreen(travelled(cursor, share())));
    draw();
  }

  let picked = 0;

  function fillFound() {
    const wanted = search.value.trim().toLocaleLowerCase();
    const rows = [];
    for (let row = 0; wanted && row < names.length && rows.length < 12; row++) {
      if (names[row].toLocaleLowerCase().includes(wanted)) rows.push(row);
    }
    picked = Math.min(picked, Math.max(rows.length - 1, 0));
    found.replaceChildren(...rows.map((row, at) => element("li", {
      role: "option", "aria-selected": String(at === picked), "data-row": row,
      onpointerdown: (event) => {
        event.preventDefault();
        goTo(row);
      },
    }, nameOf(row))));
    if (wanted && !rows.length) found.append(element("li", {}, "Nobody of this name"));
    found.style.display = wanted ? "block" : "none";
    search.setAttribute("aria-expanded", String(Boolean(wanted)));
  }

  function goTo(row) {
    search.value = "";
    fillFound();
    select(row);
    lookAt(row, Math.max(view.scale, 6 * fitScale()));
    stage.focus({ preventScroll: true });
  }

  search.addEventListener("input", () => {
    picked = 0;
    fillFound();
  });
  search.addEventListener("blur", () => {
    found.style.display = "none";
  });
  search.addEventListener("keydown", (event) => {
    const rows = [...found.querySelectorAll("[data-row]")];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      picked = (picked + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % Math.max(rows.length, 1);
      fillFound();
    } else if (event.key === "Enter" && rows[picked]) goTo(Number(rows[picked].dataset.row));
    else if (event.key === "Escape") {
      search.value = "";
      fillFound();
      stage.focus({ preventScroll: true });
    }
  });
  choice.addEventListener("change", () => {
    muted = new Set();
    model.set("by", choice.value);
    model.save_changes();
  });
  for (const [name, act] of Object.entries(gestures)) stage.addEventListener(name, act, { passive: false });

  const onTheme = () => {
    if (darkWanted() !== isDark) takeLook();
  };
  const themes = new MutationObserver(onTheme);
  themes.observe(document.documentElement, { attributes: true });

  // Several changes come in one message: they are taken once, in the order of need.
  const waiting = new Set();

  function take() {
    const has = (...some) => some.some((one) => waiting.delete(one));
    if (ended) return;
    if (has("themes", "colouring", "theme", "doings", "by", "choices", "mode_look")) takeLook();
    if (has("person", "names")) takeIds();
    if (has("frame")) {
      pixels = null;
      fit();
    }
    if (has("zones", "zone_sizes", "streets", "places", "homes", "stations")) dirty.ground = true;
    if (has("ways", "way_modes")) dirty.flows = true;
    if (has("layers")) showLayers();
    if (has("height")) root.style.height = `${model.get("height") || 560}px`;
    if (has("renderer")) {
      choosePainter();
      resize();
    }
    if (has("xy", "state")) takePeople();
    if (has("when", "title")) describe();
    if (has("selected") && following) setFollow(true);
    waiting.clear();
    draw();
  }

  const watched = ["themes", "colouring", "theme", "doings", "by", "choices", "mode_look", "person",
    "names", "frame", "zones", "zone_sizes", "streets", "places", "homes", "stations", "ways",
    "way_modes", "layers", "height", "renderer", "xy", "state", "when", "title", "selected"];
  const listeners = watched.map((name) => {
    const act = () => {
      if (!waiting.size) queueMicrotask(take);
      waiting.add(name);
    };
    model.on(`change:${name}`, act);
    return [name, act];
  });

  night.addEventListener("change", onTheme);
  const sizes = new ResizeObserver(resize);

  root.style.height = `${model.get("height") || 560}px`;
  choosePainter();
  takeLook();
  takeIds();
  showLayers();
  sizes.observe(root);
  resize();
  takePeople();

  return () => {
    ended = true;
    cancelAnimationFrame(frame);
    clearTimeout(groundTimer);
    sizes.disconnect();
    themes.disconnect();
    night.removeEventListener("change", onTheme);
    listeners.forEach(([name, act]) => model.off(`change:${name}`, act));
    painter.lose();
    root.remove();
  };
}

export default { render };
