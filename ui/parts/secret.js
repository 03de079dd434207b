// Tells a client secret, or a token, pasted where the client ID belongs. Rolecall is a public client and keeps neither.

/** @import {Product} from '../view.d.ts' */

/**
 * From this many characters on it is no client ID of that provider any more.
 * @type {Partial<Record<Product, number>>}
 */
const TOO_LONG = { auth0: 48, okta: 36, cognito: 40, zitadel: 48, authentik: 80, other: 100 };

/**
 * @param {string} text
 * @param {Product | null} provider
 */
export function looksSecret(text, provider) {
  const value = text.trim();
  if (/^(GOCSPX-|gloas-|eyJ|-----BEGIN)/.test(value)) return true;
  // Entra ID: three characters, a digit, Q~ and the rest.
  if (/^.{3}\dQ~.{30,40}$/.test(value)) return true;
  const limit = TOO_LONG[provider ?? 'other'];
  return limit !== undefined && value.length >= limit && /^[\w~.+/=-]+$/.test(value) && !value.includes('.apps.');
}
