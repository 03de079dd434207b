// The directory's column, questions about another person's account, and a cluster as receiver.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { called, calls, focused, on } from './harness.mjs';
import { view } from './screens.mjs';

test('the directory is asked on a click alone, after saying what', () =>
  on('directory-before', async (page) => {
    assert.match(await page.locator('.table-foot').innerText(), /Asks id\.example\.org as Ed Itor/);
    assert.equal(await page.locator('.cols span').count(), 3);
    assert.deepEqual(await called(page, 'ask_directory'), []);
    await page.getByRole('button', { name: 'Ask the directory' }).click();
    assert.deepEqual(await called(page, 'ask_directory'), [null]);
    const asking = await view('directory-before');
    asking.screen.directory.asking = true;
    await page.evaluate((given) => window.tell(given), asking);
    await page.getByText('Asking the directory…').waitFor();
    await page.locator('#ask-directory').click({ force: true });
    assert.equal((await called(page, 'ask_directory')).length, 1);
    await page.evaluate((given) => window.tell(given), await view('directory'));
    await page.locator('.row.lone').waitFor();
    assert.equal(await page.locator('.cols span').count(), 4);
  }));

test('what could not be asked is no column, and says what to do in its place', () =>
  on('directory-nothing', async (page) => {
    assert.equal(await page.locator('.cols span').count(), 3);
    assert.equal(await page.locator('#ask-directory').count(), 0);
    await page.getByText('Auth0 tells nobody their own roles').waitFor();
  }));

test('what the directory alone has is reached by the arrow keys and told in words', () =>
  on('directory', async (page) => {
    await page.locator('#filter').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.match(
      await focused(page),
      /Publisher.*in no document; assigned in the directory, through the group Editors/,
    );
    const marks = await page.locator('.row.lone .m').evaluateAll((all) => all.map((one) => one.className));
    assert.deepEqual(marks, ['m missing', 'm missing', 'm missing', 'm lone']);
    const editor = page.getByRole('button', { name: /^Editor/ });
    assert.equal(await editor.locator('.m').last().getAttribute('class'), 'm dir');
    const permission = page.getByRole('button', { name: /^read:invoices/ });
    assert.equal(await permission.locator('.m').last().getAttribute('class'), 'm na');
    assert.match(await permission.innerText(), /the directory could not be asked/);
    await page.keyboard.press('Enter');
    await page.getByText('It is assigned to you').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.row.lone').waitFor();
  }));

test('one that is expected and assigned stands there once', async () => {
  const both = await view('directory');
  both.screen.missing = [{ kind: 'role', value: 'Publisher' }];
  await on('directory', async (page) => {
    await page.evaluate((given) => window.tell(given), both);
    await page.locator('.row.lone').waitFor();
    assert.equal(await page.locator('.row').filter({ hasText: 'Publisher' }).count(), 1);
  });
});

test('somebody else is asked about with Enter, and Back to yourself ends it', () =>
  on('why-directory', async (page) => {
    assert.equal((await called(page, 'about_somebody')).length, 0);
    const who = page.getByLabel('for', { exact: true });
    await who.fill('nobody');
    assert.equal(await page.locator('.find').count(), 0, 'what holds for oneself is not shown beside another name');
    await who.press('Enter');
    await page.getByText('There is no such person.').waitFor();
    await who.fill('rita');
    await who.press('Enter');
    await page.getByText('Asked at 10:56 as Ed Itor. Not kept.').waitFor();
    const client = null;
    assert.deepEqual((await called(page, 'about_somebody')).at(-1), {
      who: 'rita',
      client,
      value: 'Publisher',
      kind: 'role',
    });
    await page.getByRole('button', { name: 'Copy report for Rita Viewer' }).waitFor();
    await page.getByRole('button', { name: 'Back to yourself' }).click();
    await page.getByText('It is assigned to you').waitFor();
    assert.equal(await focused(page), 'for-whom');
  }));

test('whoever may not ask about others sees no field for it', () =>
  on('why', async (page) => assert.equal(await page.locator('#for-whom').count(), 0)));

test('no cluster is asked before two clicks, by keys alone too', () =>
  on('why-cluster-before', async (page) => {
    const asked = (await calls(page)).map(([command]) => command);
    assert.ok(asked.includes('has_kubeconfig') && asked.includes('clusters') && !asked.includes('ask_cluster'));
    await page.getByText('no token of Rolecall’s is sent').waitFor();
    assert.equal(await focused(page), 'cluster-context');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Sees you as').waitFor();
    assert.deepEqual(await called(page, 'ask_cluster'), [{ context: 'dev' }]);
  }));
