// Makes the page match a description of it, changing only what differs: focus, scroll position and what is being
// typed survive a redraw. Text goes in as text; nothing is ever parsed as HTML.

/** @typedef {{tag: string, key: string | undefined, props: Props, children: Child[]}} VNode */
/** @typedef {{[name: string]: any, key?: string, ref?: (element: Element) => void}} Props */
/** @typedef {VNode | Node | string | number | null | undefined | false | Child[]} Child */

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'use', 'circle', 'line', 'path']);

/** What was last drawn on an element. @type {WeakMap<Node, VNode>} */
const drawn = new WeakMap();

/**
 * Describes an element. `key` ties it to the same element from one drawing to the next; `on…` are listeners; `style`
 * holds custom properties and the like; `ref` receives the element when it is made; false and null leave a thing out.
 * @param {string} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {VNode}
 */
export function h(tag, props = {}, ...children) {
  return { tag, key: props.key, props, children };
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
 * Makes the children of `parent` what `children` describe.
 * @param {Element} parent
 * @param {Child[]} children
 */
export function draw(parent, children) {
  const wanted = flat(children, []);
  const old = byKey(parent);
  const kept = new Set(wanted.map((child) => existing(child, old)).filter((node) => node !== undefined));
  let at = parent.firstChild;
  for (const child of wanted) {
    let node = existing(child, old);
    // A kept element is never moved past one that is removed: moving would lose its focus and scroll position.
    while (at && at !== node && node && !kept.has(at)) at = dropped(parent, at);
    if (!node && at && !kept.has(at) && fits(at, child)) node = at;
    if (!node) node = made(child);
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
    update(node, child);
  }
  while (at) at = dropped(parent, at);
}

/** @param {Child[]} children @param {(VNode | Node | string)[]} into */
function flat(children, into) {
  for (const child of children) {
    if (Array.isArray(child)) flat(child, into);
    else if (typeof child === 'number') into.push(String(child));
    else if (child !== null && child !== undefined && child !== false && child !== '') into.push(child);
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

/** @param {VNode | Node | string} child @param {Map<string | Node, Node>} old */
function existing(child, old) {
  if (typeof child === 'string') return undefined;
  if (child instanceof Node) return old.get(child);
  if (child.key === undefined) return undefined;
  const node = old.get(child.key);
  return node && drawn.get(node)?.tag === child.tag ? node : undefined;
}

/** @param {Node} node @param {VNode | Node | string} child */
function fits(node, child) {
  if (typeof child === 'string') return node.nodeType === Node.TEXT_NODE;
  if (child instanceof Node) return false;
  const was = drawn.get(node);
  return was !== undefined && was.tag === child.tag && was.key === child.key;
}

/** @param {Element} parent @param {ChildNode} node */
function dropped(parent, node) {
  const next = node.nextSibling;
  parent.removeChild(node);
  return next;
}

/** @param {VNode | Node | string} child @returns {Node} */
function made(child) {
  if (typeof child === 'string') return document.createTextNode(child);
  if (child instanceof Node) return child;
  const element = SVG_TAGS.has(child.tag)
    ? document.createElementNS(SVG, child.tag)
    : document.createElement(child.tag);
  drawn.set(element, { tag: child.tag, key: child.key, props: {}, children: [] });
  child.props.ref?.(element);
  return element;
}

/** @param {Node} node @param {VNode | Node | string} child */
function update(node, child) {
  if (typeof child === 'string') {
    if (node.nodeValue !== child) node.nodeValue = child;
    return;
  }
  if (child instanceof Node) return;
  const element = /** @type {HTMLElement} */ (node);
  const was = drawn.get(node)?.props ?? {};
  for (const name of Object.keys(was)) if (!(name in child.props)) set(element, name, null, was[name]);
  for (const [name, value] of Object.entries(child.props)) set(element, name, value, was[name]);
  drawn.set(node, child);
  draw(element, child.children);
}

/** @param {HTMLElement} element @param {string} name @param {any} value @param {any} was */
function set(element, name, value, was) {
  if (name === 'key' || name === 'ref') return;
  if (name === 'value') {
    // An equal value is not set again, so that the caret stays where the person put it.
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
