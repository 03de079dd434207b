// The table of roles and groups, what opens from it, and its history.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { called, calls, focused, on, tell } from './harness.mjs';
import { fixture, view } from './screens.mjs';

test('a view that comes while somebody filters disturbs nothing', () =>
  on('many', async (page) => {
    await page.locator('#filter').press('ArrowLeft');
    await page.evaluate(() => (document.querySelector('.scroll').scrollTop = 900));
    const before = await page.evaluate(() => [
      document.querySelector('#filter').value,
      document.querySelector('#filter').selectionStart,
      document.querySelector('.scroll').scrollTop,
    ]);
    const next = await view('many');
    next.now += 5;
    next.screen.refreshing = true;
    await tell(page, next);
    await page.locator('.small.dim', { hasText: 'left' }).waitFor();
    const after = await page.evaluate(() => [
      document.querySelector('#filter').value,
      document.querySelector('#filter').selectionStart,
      document.querySelector('.scroll').scrollTop,
    ]);
    assert.deepEqual(after, before);
    assert.equal(await focused(page), 'filter');
    assert.equal(before[2], 900);
  }));

test('ten thousand groups: only those in sight are drawn, and a key press is done within a frame', () =>
  on('many-unfiltered', async (page) => {
    assert.ok((await page.locator('.table li').count()) < 60);
    await page.evaluate(() => (document.querySelector('.scroll').scrollTop = 150_000));
    await page.getByText('-04990').first().waitFor();
    const times = await page.evaluate(async () => {
      const field = document.querySelector('#filter');
      const took = [];
      for (const text of [
        's',
        'st',
        'sta',
        'stag',
        'stagi',
        'stagin',
        'staging',
        'stagin',
        'stagi',
        'stag',
        'sta',
        'st',
        's',
        '',
      ]) {
        const start = performance.now();
        field.value = text;
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        await Promise.resolve();
        await Promise.resolve();
        document.body.getBoundingClientRect();
        took.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
      }
      return took.toSorted((a, b) => a - b);
    });
    assert.ok(times[7] < 16, `half of the key presses took longer than ${times[7]} ms`);
    assert.ok((await page.locator('.table li').count()) < 60);
  }));

test('the table is walked by the arrow keys from the filter to its end, and Enter opens', () =>
  on('many', async (page) => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.match(await focused(page), /00001/);
    await page.keyboard.press('End');
    assert.match(await focused(page), /00127/);
    const inSight = await page.evaluate(
      () =>
        document.activeElement.getBoundingClientRect().bottom <=
        document.querySelector('.scroll').getBoundingClientRect().bottom + 1,
    );
    assert.ok(inSight);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Group' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#filter').waitFor();
    assert.match(await focused(page), /00127/);
    assert.equal(await page.locator('#filter').inputValue(), 'prod-eu');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    assert.equal(await focused(page), 'filter');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#filter').inputValue(), '');
  }));

test('walking ten thousand rows keeps the focus in sight', () =>
  on('many-unfiltered', async (page) => {
    await page.locator('#filter').press('ArrowDown');
    await page.keyboard.press('End');
    assert.match(await focused(page), /write:invoices/);
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('PageUp');
    assert.match(await focused(page), /\d{5}/);
    const sight = await page.evaluate(() => {
      const row = document.activeElement.getBoundingClientRect();
      const frame = document.querySelector('.scroll').getBoundingClientRect();
      return row.top >= frame.top - 1 && row.bottom <= frame.bottom + 1;
    });
    assert.ok(sight);
  }));

test('names from the provider are text, whatever they look like', () =>
  on('signed-in-odd', async (page) => {
    assert.equal(await page.locator('#app img').count(), 0);
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    assert.equal(
      await page.getByText('مدير النظام', { exact: true }).evaluate((element) => getComputedStyle(element).unicodeBidi),
      'isolate',
    );
  }));

test('a role that went while its page was open leads back to the table', () =>
  on('role-detail', async (page) => {
    const told = await fixture('signed-in');
    told.screen.entitlements.roles = [];
    await tell(page, told);
    await page.locator('#filter').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Editor/ }).count(), 0);
  }));

test('a detail names the exact path and what is missing where', () =>
  on('role-detail', async (page) => {
    await page.getByText('Not in its 11 claims. An API that reads only this token won’t see Editor.').waitFor();
    await page.getByRole('button', { name: 'Copy claim path' }).click();
    assert.deepEqual(await called(page, 'copy_text'), [{ text: '["https://example.com/auth"].roles' }]);
    await page.getByRole('button', { name: 'Copied' }).waitFor();
  }));

test('one that is expected and missing leads to why, and a name typed there is asked about', () =>
  on('signed-in', async (page) => {
    await page.getByRole('button', { name: /^Publisher/ }).click();
    await page.getByText('These come close').waitFor();
    await page.getByLabel('Role, group or permission').fill('Editor');
    await page.getByRole('status').getByText('It is here.').waitFor();
    const asked = (await calls(page)).filter(([command]) => command === 'why').map(([, args]) => args);
    assert.deepEqual(asked[0], { value: 'Publisher', kind: 'role' });
    assert.deepEqual(asked.at(-1), { value: 'Editor', kind: null });
    await page.getByRole('button', { name: /Copy report/ }).click();
    const copied = (await calls(page)).filter(([command]) => command === 'copy_text');
    assert.match(copied[0][1].text, /^# Roles and groups/);
  }));

test('what everybody has is folded away and never dropped', () =>
  on('signed-in', async (page) => {
    assert.equal(await page.getByText('default-roles-acme').count(), 0);
    await page.getByRole('button', { name: 'and 2 that everybody has' }).click();
    await page.getByText('default-roles-acme').waitFor();
    await page.getByRole('button', { name: 'Hide what everybody has' }).click();
    await page.getByLabel('Filter').fill('default');
    await page.getByRole('button', { name: /default-roles-acme/ }).waitFor();
  }));

test('history tells a role taken away, a claim gone and a document not read apart', () =>
  on('signed-in', async (page) => {
    await page.keyboard.press('Control+2');
    const lines = page.getByRole('main', { name: 'History' });
    await lines.getByText('Reviewer removed').waitFor();
    await lines.getByText('Editor gone with its claim').waitFor();
    await lines.getByText('Userinfo could not be read').waitFor();
    await lines.getByText('3 refreshes, nothing changed').waitFor();
    await page.keyboard.press('Control+1');
    await page.getByLabel('Filter').waitFor();
  }));
