/** A table as columns of the same length; null where a value is not known. */
export type Columns = Record<string, (string | number | boolean | null)[]>;

/** An entry of the legend, which can be clicked. */
export interface Entry {
  key: string;
  label: string;
  light: string;
  dark: string;
}

/** What Python and a chart send each other: the traits of `VegaChart`. */
export interface ChartTraits {
  /**
   * Specification in Vega-Lite, as JSON. A text `light-dark(#aaa, #bbb)` in it stands for the first on a
   * light and for the second on a dark background.
   */
  spec: string;
  /**
   * Tables (`Columns`) by the names that the specification gives its data, as JSON; they may change
   * often.
   */
  data: string;
  /** Values of parameters of the specification, by name; they may change often. */
  signals: Record<string, unknown>;
  /** Entries of the legend (`Entry`), as JSON. */
  legend: string;
  /** Keys of the entries that are picked; none means all. */
  picked: string[];
  /** What the chart shows, for those who cannot see it. */
  description: string;
  /** Name of saved files, without an ending. */
  file: string;
  /** "auto", "light" or "dark". */
  theme: string;
  /** In pixels; 0 for that of the container. */
  height: number;
  /** Row of the data, or `key` of the legend, that was clicked last, and when; set by the chart. */
  clicked: Record<string, unknown>;
  /** Ranges and rows by the name of the selection; set by the chart, and emptied by Python. */
  selections: Record<string, unknown>;
}
