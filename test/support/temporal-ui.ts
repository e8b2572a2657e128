/** The Temporal UI in Chromium, used as a person uses it: pages are read, forms are filled in, buttons are pressed. */

import assert from 'node:assert/strict';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { incidentsInUi } from '../../lab/guide/temporal-ui.ts';
import type { Environment } from '../../lab/practice/environment.ts';
import { installed } from '../../lab/peers/installed.ts';

/** For `skip`: why it cannot be used here. */
export const withoutChromium = !installed('chromium') && 'chromium is not installed';

/** Milliseconds that a page may take on a busy machine. */
const patience = 60_000;

type Sent = 'Signal' | 'Update';

interface Started {
  id: string;
  type: string;
  taskQueue: string;
  input: string;
}

export class TemporalUi {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #address: string;

  private constructor(browser: Browser, page: Page, address: string) {
    this.#browser = browser;
    this.#page = page;
    this.#address = address;
  }

  /** Of a practice platform. */
  static async open(environment: Environment): Promise<TemporalUi> {
    // On a signal the practice platform ends everything of this process, unless someone else listens too.
    const deaf = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    const browser = await chromium.launch({ executablePath: installed('chromium') ?? '', args: ['--no-sandbox'], ...deaf });
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(patience);
    return new TemporalUi(browser, page, incidentsInUi(environment));
  }

  close = () => this.#browser.close();

  /** Finds it in the list of workflows, which is loaded again until it is there, and opens it: its id. */
  async find(workflowId: string | RegExp): Promise<string> {
    const link = this.#page.getByRole('link', { name: workflowId }).first();
    await this.#loaded(this.#address, link);
    const id = await link.innerText();
    await link.click();
    await this.#page.getByRole('heading', { name: id }).waitFor();
    return id.trim();
  }

  /** The current details of the open workflow, once they say this. */
  async board(wanted: RegExp): Promise<string> {
    await this.#page.getByRole('tab', { name: 'User Metadata' }).click();
    await this.#page.waitForURL(/metadata/);
    const details = this.#page.locator('iframe').last().contentFrame();
    await this.#loaded(this.#page.url(), details.getByText(wanted).first());
    return details.locator('body').innerText();
  }

  /** The JSON that the current details print for a question, once it is asked, with another choice and a name in the place of YOU. */
  async answerFor(question: string, choice: string, by: string): Promise<string> {
    const asked = `"question":"${question}"`;
    const board = await this.board(new RegExp(asked));
    const printed = [...board.matchAll(/--name decide --input '(\{.*?\})'/g)].map(([, json = '']) => json);
    const answer: object = JSON.parse(printed.find(json => json.includes(asked)) ?? assert.fail(board));
    return JSON.stringify({ ...answer, choice, by });
  }

  /** Waits until the page of the open workflow has this text. */
  async shows(wanted: string): Promise<void> {
    await this.#loaded(this.#page.url(), this.#page.getByText(wanted).first());
  }

  /** Sends the JSON to the open workflow; the form closes once the server has taken a signal, and the workflow an update. */
  async send(how: Sent, name: string, json: string): Promise<void> {
    const form = await this.#filled(how, name, json);
    await form.waitFor({ state: 'hidden' });
  }

  /** Sends the JSON as an update that is refused: what the form says then. */
  async refused(name: string, json: string): Promise<string> {
    const form = await this.#filled('Update', name, json);
    const said = form.getByRole('alert').filter({ hasText: /\S/ });
    await said.waitFor();
    const text = await said.innerText();
    await form.getByTestId('cancel-modal-button').click();
    await form.waitFor({ state: 'hidden' });
    return text;
  }

  async requestCancellation(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Request Cancellation' }).click();
    const form = this.#page.getByRole('dialog').filter({ visible: true });
    await form.getByTestId('confirm-modal-button').press('Enter');
    await form.waitFor({ state: 'hidden' });
  }

  /** Starts a workflow by the form. */
  async start(workflow: Started): Promise<void> {
    const form = await this.#startForm(workflow);
    await form.getByTestId('start-workflow-button').press('Enter');
    await this.#page.getByText('Workflow started successfully').first().waitFor();
  }

  /** What the form says of an input that is no JSON; it cannot be sent. */
  async notStarted(workflow: Started): Promise<string> {
    const form = await this.#startForm(workflow);
    const said = form.getByRole('alert').filter({ hasText: /\S/ });
    await said.waitFor();
    assert.ok(await form.getByTestId('start-workflow-button').isDisabled());
    return said.innerText();
  }

  async #startForm({ id, type, taskQueue, input }: Started) {
    await this.#page.goto(`${this.#address}/start-workflow`);
    const form = this.#page.locator('#content');
    await form.getByTestId('workflowId').fill(id);
    await form.getByTestId('taskQueue').fill(taskQueue);
    await form.getByTestId('workflowType').fill(type);
    await this.#fill(form, input);
    return form;
  }

  /** The form for a signal or an update, submitted. */
  async #filled(how: Sent, name: string, json: string): Promise<Locator> {
    await this.#page.getByRole('button', { name: 'More Actions' }).click();
    await this.#page.getByRole('menuitem', { name: how === 'Signal' ? 'Send a Signal' : 'Send an Update' }).click();
    const form = this.#page.getByRole('dialog').filter({ visible: true });
    await form.getByTestId(`${how.toLowerCase()}-select-button`).click();
    await form.getByRole('option', { name: new RegExp(`^${name}\\b`) }).click();
    await this.#fill(form, json);
    await form.getByTestId('confirm-modal-button').press('Enter');
    return form;
  }

  /** The editor lays JSON out again when it is left, which moves what stands below: keys reach a button that a click would miss. */
  async #fill(form: Locator, json: string): Promise<void> {
    await form.getByRole('textbox', { name: 'Data' }).click();
    await this.#page.keyboard.insertText(json);
    await this.#page.keyboard.press('Tab');
  }

  /** Loads a page again until it shows this. */
  async #loaded(address: string, wanted: Locator): Promise<void> {
    const until = Date.now() + 4 * patience;
    for (;;) {
      await this.#page.goto(address);
      const isThere = wanted.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
      if (await isThere) return;
      if (Date.now() > until) assert.fail(`${address} never shows ${String(wanted)}`);
    }
  }
}
