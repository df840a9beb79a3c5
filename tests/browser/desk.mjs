// What all pages of the desk have in common.

/** An act that asks back: the button, then the one that names the effect. */
export async function twice(page, label, yes = label) {
  await page.getByRole('button', { name: label, exact: typeof label === 'string' }).first().click();
  await page.locator('.sure').getByRole('button', { name: yes, exact: typeof yes === 'string' }).click();
}

/** Opens a row of a list by the link in its first cell. */
export async function openRow(page, name) {
  await page.getByRole('row', { name }).first().getByRole('link').first().click();
}

/** The 32 digits that the address of a page ends with. */
export async function idOf(page, folder) {
  const wanted = new RegExp(`/${folder}/([0-9a-f]{32})`);
  await page.waitForURL(wanted);
  return wanted.exec(page.url())[1];
}
