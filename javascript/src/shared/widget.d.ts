/**
 * The model of a widget: what anywidget passes to `render`, or an object that offers the same.
 *
 * `T` maps the names of the traits to their types. `on` and `off` take events named
 * `change:NAME`.
 */
export interface WidgetModel<T> {
  get<K extends keyof T>(name: K): T[K];
  set<K extends keyof T>(name: K, value: T[K]): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** What anywidget passes to `render`. */
export interface RenderProps<T> {
  model: WidgetModel<T>;
  el: HTMLElement;
}
