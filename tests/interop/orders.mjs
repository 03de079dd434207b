// The protocol between `cargo xtask interop` and a provider: one line of JSON says that it is up, then each line on
// standard input is an order and is answered by one line. The provider ends when standard input closes.

import { createInterface } from 'node:readline';

const print = process.stdout.write.bind(process.stdout);
// What a provider prints must not mix with the answers.
process.stdout.write = process.stderr.write.bind(process.stderr);

/** Announces the provider and takes orders: `{"do": NAME, ...}` is passed to `orders[NAME]`. */
export async function take(facts, orders, end = () => {}) {
  print(`${JSON.stringify(facts)}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...rest } = JSON.parse(line);
    try {
      print(`${JSON.stringify({ answer: (await orders[name](rest)) ?? null })}\n`);
    } catch (error) {
      print(`${JSON.stringify({ error: String(error?.stack ?? error) })}\n`);
    }
  }
  await end();
  process.exit(0);
}

/** The provider's userinfo answer for this token. */
export async function userinfo(address, token) {
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  return answer.ok ? JSON.parse(text) : { status: answer.status, challenge: answer.headers.get('www-authenticate'), text };
}

export const { PORT, STATE } = process.env;
