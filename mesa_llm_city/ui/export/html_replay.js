// Plays a run from one file: no server, no network. CITY_MAP and TIME_BAR are the widgets of the
// page, RUN what was lived: rows by person and time, whole numbers in the units of the map.

const STEP_MIN = 5, RATES = [10, 30, 60, 120, 300];

class Model {
  constructor(values) { this.values = values; this.heard = new Map(); this.after = []; }
  get(name) { return this.values[name]; }
  set(name, value) {
    this.values[name] = value;
    for (const act of this.heard.get(`change:${name}`) || []) act();
  }
  save_changes() { for (const act of this.after) act(); }
  on(name, act) { this.heard.set(name, [...(this.heard.get(name) || []), act]); }
  off(name, act) { this.heard.set(name, (this.heard.get(name) || []).filter((one) => one !== act)); }
}

async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const two = (number) => String(number).padStart(2, "0");
const clock = (minute) => `${two(Math.floor((minute % 1440) / 60))}:${two(minute % 60)}`;

async function main() {
  const told = JSON.parse(document.getElementById("run").textContent);
  const columns = {};
  const kinds = { Int32Array, Uint16Array, Uint8Array, Int8Array };
  for (const [name, { kind, data }] of Object.entries(told.columns)) {
    columns[name] = new kinds[kind](await unpacked(data));
  }
  const { first, start, end, ends, doing, mode, place, income, needs } = columns;
  const count = first.length - 1, at = new Int32Array(count), needsOf = told.needs;
  const xy = new Uint16Array(2 * count), state = new Uint8Array(count);

  // The row in which each person is at a minute; what begins then has not begun yet.
  function rowsAt(minute) {
    const moment = Math.max(minute - 1, 0);
    for (let person = 0; person < count; person += 1) {
      let row = at[person];
      const low = first[person], high = first[person + 1] - 1;
      if (row < low || row > high || start[row] > moment) row = low;
      while (row < high && start[row + 1] <= moment) row += 1;
      at[person] = row;
    }
  }

  function codeOf(person, row, by, hour) {
    if (by === "activity") return told.groups[doing[row]];
    if (by === "mode") return mode[row] < 0 ? 15 : mode[row];
    if (by === "income") return income[person];
    const need = needsOf.indexOf(by);
    return need < 0 || !needs.length ? 15 : needs[(hour * count + person) * needsOf.length + need];
  }

  const map = new Model({ ...told.map, ...Object.fromEntries(
    Object.keys(told.ground).map((name) => [name, columns[name] || new Uint8Array(0)])) });
  const bar = new Model({ minute: 0, reached: told.end, end: Math.ceil(told.end / 1440) * 1440,
    step: STEP_MIN, trips: told.trips, label: "time of the run", wanted: {} });
  let minute = told.minute, playing = false, rate = 60, last = 0;

  const time = document.getElementById("time"), date = document.getElementById("date");
  const day = (now) => {
    const moment = new Date(`${told.start}T00:00:00Z`);
    moment.setUTCMinutes(now);
    return moment.toLocaleDateString("en-GB", { timeZone: "UTC", weekday: "long", day: "numeric",
      month: "long", year: "numeric" });
  };

  function show() {
    const now = Math.floor(minute), by = map.get("by");
    const hours = needsOf.length ? needs.length / (count * needsOf.length) : 0;
    const hour = Math.min(Math.floor(Math.max(now - 1, 0) / 60), Math.max(hours - 1, 0));
    rowsAt(now);
    for (let person = 0; person < count; person += 1) {
      const row = at[person], long = Math.max(end[row] - start[row], 1);
      const gone = Math.min(Math.max((minute - start[row]) / long, 0), 1);
      for (const side of [0, 1]) {
        const from = ends[4 * row + side], to = ends[4 * row + 2 + side];
        xy[2 * person + side] = Math.round(from + gone * (to - from));
      }
      state[person] = doing[row] | (codeOf(person, row, by, hour) << 4);
    }
    map.set("when", `Day ${Math.min(Math.floor(now / 1440) + 1, told.days)}, ${clock(now)}`);
    map.set("state", state.slice());
    map.set("xy", xy.slice());
    ways(now);
    bar.set("minute", now);
    time.textContent = clock(now);
    date.textContent = day(Math.min(now, told.end - 1));
    about(now);
  }

  // The trips that ended within the last hour, as lines; looked up only while they are shown.
  function ways(now) {
    if (!map.get("layers").includes("trips")) return;
    const lines = [], modes = [];
    for (let row = 0; row < end.length; row += 1) {
      if (mode[row] < 0 || end[row] >= now || end[row] <= now - 60) continue;
      lines.push(...ends.subarray(4 * row, 4 * row + 4));
      modes.push(mode[row]);
    }
    map.set("ways", new Uint16Array(lines));
    map.set("way_modes", new Uint8Array(modes));
  }

  const card = document.getElementById("person");
  let shownPerson = null, shownRow = -1, shownDay = -1;

  function about(now) {
    const person = told.ids.indexOf(map.get("selected"));
    const of_day = Math.floor(Math.max(now - 1, 0) / 1440);
    if (person === shownPerson && (person < 0 || (at[person] === shownRow && of_day === shownDay))) return;
    shownPerson = person; shownRow = person < 0 ? -1 : at[person]; shownDay = of_day;
    if (person < 0) {
      card.replaceChildren(element("p", "hint", "Click a dot, or search for a name, to see a person's day."));
      return;
    }
    const list = element("ol");
    for (let row = first[person]; row < first[person + 1]; row += 1) {
      if (end[row] <= of_day * 1440 || start[row] >= (of_day + 1) * 1440) continue;
      const status = row < at[person] ? "done" : row === at[person] ? "now" : "next";
      const where = place[row] < 0 ? "" : ` · ${told.places[place[row]]}`;
      const item = element("li", status,
        `${clock(start[row])}-${clock(end[row])} ${told.doings[doing[row]]}${where}`);
      item.style.borderColor = told.shades[told.groups[doing[row]]];
      if (status === "now") item.setAttribute("aria-current", "time");
      list.append(item);
    }
    card.replaceChildren(element("h2", "", told.names[person]),
      element("p", "", told.described[person]), list);
  }

  const play = document.getElementById("play"), speed = document.getElementById("speed");
  for (const one of RATES) {
    const option = element("option", "", `${one} min/s`);
    option.value = String(one);
    option.selected = one === rate;
    speed.append(option);
  }

  function go(now) {
    if (!playing) return;
    minute = Math.min(minute + (rate * Math.min(now - last, 200)) / 1000, told.end);
    last = now;
    show();
    if (minute >= told.end) toggle(false);
    else requestAnimationFrame(go);
  }

  function toggle(wanted = !playing) {
    playing = wanted;
    if (playing && minute >= told.end) minute = 0;
    play.textContent = playing ? "Pause" : "Play";
    last = performance.now();
    if (playing) requestAnimationFrame(go);
  }

  function step(by) { toggle(false); minute = Math.min(Math.max(Math.floor(minute) + by, 0), told.end); show(); }

  play.addEventListener("click", () => toggle());
  document.getElementById("back").addEventListener("click", () => step(-STEP_MIN));
  document.getElementById("on").addEventListener("click", () => step(STEP_MIN));
  speed.addEventListener("change", () => { rate = Number(speed.value); });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target === document.body) { event.preventDefault(); toggle(); }
  });
  bar.on("change:wanted", () => { minute = bar.get("wanted").minute; show(); });
  map.on("change:by", () => { map.set("colouring", told.colourings[map.get("by")]); show(); });
  map.on("change:layers", () => ways(Math.floor(minute)));
  map.on("change:selected", () => about(Math.floor(minute)));

  show();
  CITY_MAP.render({ model: map, el: document.getElementById("map") });
  TIME_BAR.render({ model: bar, el: document.getElementById("bar") });
}

main().catch((error) => {
  document.getElementById("person").textContent =
    `This replay cannot be shown (${error.message}). Open it in a browser of 2023 or later.`;
  throw error;
});
