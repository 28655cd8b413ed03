// The form as a person fills it: every answer by keyboard and mouse, on the controls that the element draws.

/** Types, picks and ticks a value into its field. */
export async function answer(page, field, value) {
  const { id, kind } = field;
  const within = page.locator(`change-request .field[data-field="${id}"]`);
  await fill(within, `#cg-${id}`, kind, value);
}

const FILL = {
  text: type,
  longText: type,
  dateTime: (within, control, _kind, wall) => within.locator(control).fill(wall),
  yesNo: (within, control, _kind, isYes) => press(within, control, String(isYes)),
  choice,
  several: async (within, control, _kind, ids) => {
    for (const id of ids) await press(within, control, id);
  },
  number: type,
  duration,
  people: pick,
  services: pick,
  list: rows,
};

async function fill(within, control, kind, value) {
  await FILL[kind.type](within, control, kind, value);
}

async function type(within, control, _kind, value) {
  const input = within.locator(control);
  await input.click();
  await input.press("ControlOrMeta+a");
  await input.pressSequentially(String(value));
}

/** The label is what a person aims at: the radio itself is small. */
async function press(within, _control, value) {
  await within.locator("label", { has: within.page().locator(`input[value="${value}"]`) }).click();
}

async function choice(within, control, _kind, option) {
  const list = within.locator(`select${control}`);
  if (await list.count()) await list.selectOption(option);
  else await press(within, control, option);
}

async function duration(within, control, _kind, minutes) {
  await within.locator(control).fill(String(Math.floor(minutes / 60)));
  await within.locator(`${control}-minutes`).fill(String(minutes % 60));
}

/** What is there is taken out, then each is found by the start of its name. */
async function pick(within, control, { names }, ids) {
  while (await within.locator(".chip-remove").count()) await within.locator(".chip-remove").first().click();
  for (const id of ids) {
    const input = within.locator(control);
    await input.click();
    await input.press("ControlOrMeta+a");
    await input.pressSequentially(names.get(id));
    await within
      .locator(".result", { hasText: names.get(id) })
      .first()
      .click();
  }
}

async function rows(within, control, kind, list) {
  for (const [at, row] of list.entries()) {
    await within.locator(control).click();
    for (const { id, kind: cell } of kind.columns)
      if (row[id] !== undefined)
        await fill(within.locator("fieldset.row").nth(at), `${control}-${at}-${id}`, cell, row[id]);
  }
}
