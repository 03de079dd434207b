// Where one was in each tab, so that it is the same place when one comes back.

/** @type {Map<string, number>} */
const places = new Map();
let pending = '';

function scroller() {
  const inside = document.querySelector('.sheet .scroll');
  const scrollsInside = inside !== null && inside.scrollHeight > inside.clientHeight + 1;
  return scrollsInside ? inside : document.scrollingElement;
}

/** Notes the place. @param {string} name of what is left */
export function leavePlace(name) {
  places.set(name, scroller()?.scrollTop ?? 0);
}

/** Has the place taken up again as soon as enough is drawn. @param {string} name of what is shown next */
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

/** Forgets all places: what was there is about somebody else. */
export function forgetPlaces() {
  places.clear();
  pending = '';
}
