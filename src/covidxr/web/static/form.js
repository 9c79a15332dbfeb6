// The draft row: what was typed is kept at once, and what is wrong is said while it is typed.

const PAUSE = 200;

export class Form {
  /**
   * @param {HTMLElement} sheet
   * @param {(path: string, told: object) => Promise<object>} send
   * @param {{failed: (problem: Error) => void, kept: () => void, unkept: (words: string) => void}} tell
   */
  constructor(sheet, send, tell) {
    this.sheet = sheet;
    this.send = send;
    this.tell = tell;
    this.version = Number(sheet.dataset.version);
    /** @type {Map<string, string>} fields that were changed and are not kept yet */
    this.changed = new Map();
    this.timer = 0;
    this.sending = Promise.resolve();
    sheet.querySelector("form.form").addEventListener("input", (event) => this.typed(event.target));
    sheet.querySelector("form.form").addEventListener("submit", (event) => event.preventDefault());
    for (const mark of sheet.querySelectorAll(".field")) this.say_draft(mark);
    this.count();
    this.restore();
  }

  // What is typed stands in this window's own memory until the server has it: loading it again
  // within that moment loses nothing.

  get place() {
    return `unsaved ${this.sheet.dataset.id}`;
  }

  note_unsaved() {
    const kept = JSON.stringify({ version: this.version, cells: [...this.changed] });
    if (this.changed.size) sessionStorage.setItem(this.place, kept);
    else sessionStorage.removeItem(this.place);
  }

  forget() {
    this.changed.clear();
    this.note_unsaved();
  }

  restore() {
    const { version, cells } = JSON.parse(sessionStorage.getItem(this.place) ?? '{"cells": []}');
    sessionStorage.removeItem(this.place);
    // Where the server has it by now there is nothing to do.
    const unsaved = cells.filter(([name, value]) => this.field(name)?.value !== value);
    if (!unsaved.length) return;
    if (version === this.version) {
      for (const [name, value] of unsaved) this.set(name, value);
    } else {
      const words = unsaved.map(([name, value]) => `${name} "${value}"`).join(", ");
      this.tell.unkept(`The image changed meanwhile. Not kept: ${words}.`);
    }
  }

  /** @param {string} name */
  field(name) {
    return /** @type {HTMLInputElement | null} */ (this.sheet.querySelector(`#field-${name}`));
  }

  /** @param {string} name @param {string} value */
  set(name, value) {
    const field = this.field(name);
    if (!field || field.disabled) return;
    field.closest("details")?.setAttribute("open", "");
    if (field instanceof HTMLSelectElement && ![...field.options].some((each) => each.value === value)) {
      field.add(new Option(value, value));
    }
    field.value = value;
    this.typed(field);
  }

  typed(field) {
    if (!field.name) return;
    this.changed.set(field.name, field.value);
    this.note_unsaved();
    this.say_draft(field.closest(".field"));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  /** What the source filled in stays in sight when it was changed. */
  say_draft(mark) {
    const drafted = mark.dataset.drafted;
    const now = mark.querySelector("input, select, textarea").value;
    let line = mark.querySelector(".drafted");
    if (drafted && drafted !== "todo" && drafted !== now) {
      line ??= mark.insertBefore(document.createElement("p"), mark.querySelector(".remarks"));
      line.className = "drafted";
      line.textContent = `Drafted: ${drafted}`;
    } else {
      line?.remove();
    }
  }

  /** Keep what was changed; one request after the other, for each has the version of the one before. */
  keep() {
    clearTimeout(this.timer);
    this.sending = this.sending.then(() => this.keep_now()).catch((problem) => this.tell.failed(problem));
    return this.sending;
  }

  async keep_now() {
    if (!this.changed.size) return;
    const cells = Object.fromEntries(this.changed);
    this.changed.clear();
    try {
      const kept = await this.send("/edit", { id: this.sheet.dataset.id, version: this.version, cells });
      this.version = kept.version;
      this.note_unsaved();
      this.remark(kept.remarks);
      this.tell.kept();
    } catch (problem) {
      // What was typed since is newer.
      for (const [name, value] of Object.entries(cells)) {
        if (!this.changed.has(name)) this.changed.set(name, value);
      }
      throw problem;
    }
  }

  /** Send nothing more by itself. */
  stop() {
    clearTimeout(this.timer);
  }

  /** What is not kept yet, for a decision that takes it along. */
  async rest() {
    clearTimeout(this.timer);
    await this.sending;
    return Object.fromEntries(this.changed);
  }

  /** @param {Record<string, {message: string, suggestion: string, blocking: boolean, code: string}[]>} remarks */
  remark(remarks) {
    for (const [name, said] of Object.entries(remarks)) {
      const list = document.getElementById(`remarks-${name}`);
      if (!list) continue;
      const lines = said.map(line);
      const same = lines.map((each) => each.textContent).join() ===
        [...list.children].map((each) => each.textContent).join();
      // A list that is filled again with the same is read out again.
      if (!same) list.replaceChildren(...lines);
      this.field(name)?.setAttribute("aria-invalid", String(said.some((each) => each.blocking)));
    }
    this.count();
  }

  count() {
    const wrong = this.sheet.querySelectorAll(".remarks .wrong").length;
    const state = this.sheet.querySelector(".verdict-state");
    if (!state) return;
    const words = wrong === 1 ? "1 thing keeps" : `${wrong} things keep`;
    state.textContent = wrong ? `${words} it from being accepted.` : "It can be accepted.";
    state.classList.toggle("ready", !wrong);
  }

  /** Go to the next field that is wrong, or to the first field. */
  go_to_wrong() {
    const wrong = [...this.sheet.querySelectorAll("[aria-invalid=true]")];
    const at = wrong.indexOf(document.activeElement);
    const field = wrong[(at + 1) % wrong.length] ?? this.sheet.querySelector("form.form [name]");
    field?.closest("details")?.setAttribute("open", "");
    field?.focus();
  }
}

function line(remark) {
  const item = document.createElement("li");
  item.className = remark.blocking ? "wrong" : "look";
  const kind = document.createElement("span");
  kind.className = "kind";
  kind.textContent = remark.blocking ? "Wrong:" : "Note:";
  item.append(kind, ` ${remark.message}${remark.suggestion ? ` – ${remark.suggestion}` : ""}`);
  if (remark.code) {
    const code = document.createElement("span");
    code.className = "code";
    code.textContent = remark.code;
    item.append(" ", code);
  }
  return item;
}
