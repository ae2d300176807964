// A list of choices in which one is chosen.

import { element } from "../shared/dom.js";

/**
 * Offer keys by their labels, one of which is chosen; a list that is open stays so.
 *
 * @param {HTMLSelectElement} select
 * @param {[string, string][]} choices
 * @param {string} chosen
 */
export function offer(select, choices, chosen) {
  const offered = JSON.stringify(choices);
  if (select.dataset.offered !== offered) {
    select.dataset.offered = offered;
    select.replaceChildren(...choices.map(([key, label]) => element("option", { value: key }, label)));
  }
  select.value = chosen;
}
