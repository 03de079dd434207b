// Draws a description of the page onto the page, touching only what differs: focus, scroll position and what is being
// typed survive a redraw. Text goes in as text; nothing is ever parsed as HTML.

/** @typedef {{tag: string, key: string | undefined, props: Props, kids: Kid[]}} Piece */
/** @typedef {{[name: string]: any, key?: string, ref?: (element: Element) => void}} Props */
/** @typedef {Piece | Node | string | number | null | undefined | false | Kid[]} Kid */

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'use', 'circle', 'line', 'path']);

/** What was last drawn on an element. @type {WeakMap<Node, Piece>} */
const drawn = new WeakMap();

/**
 * Describes an element. `key` ties it to the same element from one drawing to the next; `on…` are listeners; `style`
 * holds custom properties and the like; `ref` is told the element when it is made; false and null leave a thing out.
 * @param {string} tag
 * @param {Props} [props]
 * @param {...Kid} kids
 * @returns {Piece}
 */
export function h(tag, props = {}, ...kids) {
  return { tag, key: props.key, props, kids };
}

/**
 * An icon from the sprite in index.html. It adds nothing for a screen reader; say it in words as well.
 * @param {string} name
 * @param {string} [more] further classes
 */
export function icon(name, more = '') {
  return h('svg', { class: `icon ${more}`.trim(), 'aria-hidden': 'true' }, h('use', { href: `#icon-${name}` }));
}

/**
 * Makes the children of `parent` what `kids` describe.
 * @param {Element} parent
 * @param {Kid[]} kids
 */
export function draw(parent, kids) {
  const wanted = flat(kids, []);
  const old = byKey(parent);
  const kept = new Set(wanted.map((kid) => existing(kid, old)).filter((node) => node !== undefined));
  let at = parent.firstChild;
  for (const kid of wanted) {
    let node = existing(kid, old);
    // A kept element is never moved past one that goes: moving would cost it its focus and scroll position.
    while (at && at !== node && node && !kept.has(at)) at = dropped(parent, at);
    if (!node && at && !kept.has(at) && fits(at, kid)) node = at;
    if (!node) node = made(kid);
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
    update(node, kid);
  }
  while (at) at = dropped(parent, at);
}

/** @param {Kid[]} kids @param {(Piece | Node | string)[]} into */
function flat(kids, into) {
  for (const kid of kids) {
    if (Array.isArray(kid)) flat(kid, into);
    else if (typeof kid === 'number') into.push(String(kid));
    else if (kid !== null && kid !== undefined && kid !== false && kid !== '') into.push(kid);
  }
  return into;
}

/** @param {Element} parent */
function byKey(parent) {
  /** @type {Map<string | Node, Node>} */
  const old = new Map();
  for (const node of parent.childNodes) {
    const key = drawn.get(node)?.key;
    old.set(key ?? node, node);
  }
  return old;
}

/** @param {Piece | Node | string} kid @param {Map<string | Node, Node>} old */
function existing(kid, old) {
  if (typeof kid === 'string') return undefined;
  if (kid instanceof Node) return old.get(kid);
  if (kid.key === undefined) return undefined;
  const node = old.get(kid.key);
  return node && drawn.get(node)?.tag === kid.tag ? node : undefined;
}

/** @param {Node} node @param {Piece | Node | string} kid */
function fits(node, kid) {
  if (typeof kid === 'string') return node.nodeType === Node.TEXT_NODE;
  if (kid instanceof Node) return false;
  const was = drawn.get(node);
  return was !== undefined && was.tag === kid.tag && was.key === kid.key;
}

/** @param {Element} parent @param {ChildNode} node */
function dropped(parent, node) {
  const next = node.nextSibling;
  parent.removeChild(node);
  return next;
}

/** @param {Piece | Node | string} kid @returns {Node} */
function made(kid) {
  if (typeof kid === 'string') return document.createTextNode(kid);
  if (kid instanceof Node) return kid;
  const element = SVG_TAGS.has(kid.tag) ? document.createElementNS(SVG, kid.tag) : document.createElement(kid.tag);
  drawn.set(element, { tag: kid.tag, key: kid.key, props: {}, kids: [] });
  kid.props.ref?.(element);
  return element;
}

/** @param {Node} node @param {Piece | Node | string} kid */
function update(node, kid) {
  if (typeof kid === 'string') {
    if (node.nodeValue !== kid) node.nodeValue = kid;
    return;
  }
  if (kid instanceof Node) return;
  const element = /** @type {HTMLElement} */ (node);
  const was = drawn.get(node)?.props ?? {};
  for (const name of Object.keys(was)) if (!(name in kid.props)) set(element, name, null, was[name]);
  for (const [name, value] of Object.entries(kid.props)) set(element, name, value, was[name]);
  drawn.set(node, kid);
  draw(element, kid.kids);
}

/** @param {HTMLElement} element @param {string} name @param {any} value @param {any} was */
function set(element, name, value, was) {
  if (name === 'key' || name === 'ref') return;
  if (name === 'value') {
    // What stands there already is left alone, so the caret stays where the person put it.
    const field = /** @type {HTMLInputElement} */ (element);
    if (field.value !== value) field.value = value ?? '';
  } else if (name.startsWith('on')) {
    /** @type {any} */ (element)[name] = value || null;
  } else if (name === 'style') {
    for (const [property, to] of Object.entries(value ?? {})) element.style.setProperty(property, String(to));
  } else if (value === was) {
    return;
  } else if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}
