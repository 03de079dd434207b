// The scroll position of each tab, restored when a person returns to it.

/** @type {Map<string, number>} */
const places = new Map();
let pending = '';

function scroller() {
  const inside = document.querySelector('.sheet .scroll');
  const scrollsInside = inside !== null && inside.scrollHeight > inside.clientHeight + 1;
  return scrollsInside ? inside : document.scrollingElement;
}

/** Records the position. @param {string} name of the tab that is left */
export function leavePlace(name) {
  places.set(name, scroller()?.scrollTop ?? 0);
}

/** Restores the position once enough is drawn. @param {string} name of the tab that is shown next */
export function returnToPlace(name) {
  pending = name;
}

/** To be called after each drawing. */
export function restorePlace() {
  if (pending === '') return;
  const top = places.get(pending) ?? 0;
  const at = scroller();
  if (!at || at.scrollHeight - at.clientHeight < top) return;
  at.scrollTop = top;
  pending = '';
}

/** Forgets all positions, because another person's data is shown. */
export function forgetPlaces() {
  places.clear();
  pending = '';
}
