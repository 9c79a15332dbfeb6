// The review page: shows one image after the other, and takes decisions.

import { Form } from "./form.js";
import { Viewer } from "./viewer.js";

const part = /** @type {HTMLElement} */ (document.getElementById("part"));
const banner = /** @type {HTMLElement} */ (document.getElementById("banner"));
const keys = /** @type {HTMLDialogElement} */ (document.getElementById("keys"));
const why = /** @type {HTMLDialogElement} */ (document.getElementById("why"));
const whyText = /** @type {HTMLInputElement} */ (document.getElementById("why-text"));
const singleKeys = /** @type {HTMLInputElement} */ (document.getElementById("single-keys"));

// The server's own HTML, in which everything of others' is escaped, is the only one put in.
const own = window.trustedTypes?.createPolicy("covidxr", { createHTML: (html) => html })
  ?? { createHTML: (/** @type {string} */ html) => html };

/** @type {Viewer | null} */ let viewer = null;
/** @type {Form | null} */ let form = null;
let busy = false;
/** @type {HTMLImageElement[]} */ let beforehand = [];
/** @type {{id: string} | null} What the next image's part is, as long as nothing was done since. */
let ahead = null;
let deeds = 0;
/** What of a form could not be kept when a curator was last told so. */
let warned = "";

class Refusal extends Error {
  /** @param {number} status @param {{problem: string, remarks?: object[]}} told */
  constructor(status, told) {
    super(told.problem);
    this.status = status;
    this.remarks = told.remarks ?? [];
  }
}

// -- the server -------------------------------------------------------------------------------

async function asked(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refusal(0, { problem: "The server does not answer. Start `covidxr review` again in the terminal; what was decided is kept." });
  }
  const json = answer.headers.get("content-type")?.startsWith("application/json");
  const told = json ? await answer.json() : { problem: (await answer.text()).trim() };
  if (!answer.ok) throw new Refusal(answer.status, told);
  return told;
}

const send = (path, told) => {
  ahead = null;
  deeds += 1;
  return sent(path, told);
};

// What a browser sends of a window that goes is limited (Fetch standard: 64 KiB in flight).
const MOST_KEPT_ALIVE = 15_000;

const sent = (path, told) => asked(path, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(told),
  // An edit arrives even where the window goes meanwhile.
  keepalive: path === "/edit" && JSON.stringify(told).length < MOST_KEPT_ALIVE,
});

// -- what is shown ----------------------------------------------------------------------------

const sheet = () => /** @type {HTMLElement | null} */ (part.querySelector(".sheet"));
const address = (id) => `/review/${id.split("/").map(encodeURIComponent).join("/")}`;

const part_of = (id) => address(id).replace("/review/", "/part/");

function tell(words) {
  document.getElementById("status").textContent = words;
}

function warn(words, again = "") {
  banner.querySelector("p").textContent = words;
  const link = banner.querySelector("a");
  link.hidden = !again;
  if (again) link.href = again;
  banner.hidden = false;
}

function failed(problem) {
  if (!(problem instanceof Refusal)) {
    warn("The page has made a mistake; load it again. What was decided is kept.");
    throw problem;
  }
  const here = sheet();
  if (problem.status === 422 && form) {
    refused(problem);
  } else {
    warn(problem.message, problem.status === 409 && here ? address(here.dataset.id) : "");
  }
}

function refused(problem) {
  const found = {};
  for (const each of problem.remarks) (found[each.field] ??= []).push(each);
  form.remark(found);
  tell(`${problem.message} ${problem.remarks.map((each) => [each.field, each.message].filter(Boolean).join(": ")).join("; ")}`);
  const reason = problem.remarks.some((each) => each.suggestion.includes("reason"));
  if (reason && problem.remarks.length === 1) document.getElementById("reason").focus();
  else form.go_to_wrong();
}

/** Set up what the part shows. */
function begin() {
  viewer?.close();
  form?.stop();
  viewer = null;
  form = null;
  const here = sheet();
  if (!here) return;
  viewer = new Viewer(here.querySelector(".viewer"));
  viewer.relight();
  form = new Form(here, send, {
    failed,
    kept: () => { banner.hidden = true; },
    unkept: (words) => warn(words),
  });
  keep_reason(here);
  const picture = viewer.panes[0].picture;
  // This one first.
  (picture.complete ? Promise.resolve() : picture.decode().catch(() => {})).then(() => {
    if (here === sheet()) fetch_beforehand(here);
  });
  // The picture and the next ones come first.
  setTimeout(() => look_alike(here), 100);
}

/** Put an image in place of the one that is shown. */
function show(told, push = true) {
  if (told.go) {
    location.assign(told.go);
    return;
  }
  part.innerHTML = own.createHTML(told.html);
  document.title = `${told.title} – covidxr review`;
  document.body.dataset.shown = told.id;
  const { waiting, total } = told.progress;
  const progress = /** @type {HTMLProgressElement} */ (document.getElementById("progress"));
  progress.max = total || 1;
  progress.value = total - waiting;
  document.getElementById("counts").textContent = `${waiting} of ${total} wait`;
  banner.hidden = true;
  if (push) history.pushState({ id: told.id }, "", address(told.id));
  begin();
  window.scrollTo(0, 0);
  part.querySelector("h1").focus({ preventScroll: true });
}

/** The images that are likely to come next are there when they do. */
function fetch_beforehand(here) {
  beforehand = here.dataset.soon.split(" ").filter(Boolean).map((address) => {
    const picture = new Image();
    picture.src = address;
    picture.decode().catch(() => {});
    return picture;
  });
  const { after } = here.dataset;
  const before = deeds;
  ahead = null;
  if (after) {
    const keep = (told) => { if (here === sheet() && before === deeds) ahead = told; };
    asked(part_of(after)).then(keep).catch(() => {});
  }
}

const reason_of = (here) => `reason ${here.dataset.id}`;

/** A reason that was begun is there again when the image is. */
function keep_reason(here) {
  const reason = /** @type {HTMLInputElement | null} */ (document.getElementById("reason"));
  if (!reason) return;
  reason.value = sessionStorage.getItem(reason_of(here)) ?? "";
  reason.addEventListener("input", () => sessionStorage.setItem(reason_of(here), reason.value));
}

async function go(id, push = true) {
  await busily(async () => {
    await form?.keep();
    if (form?.changed.size) {
      // It could not be kept and is lost by going on; the second time that is what is wanted.
      const unkept = JSON.stringify([...form.changed]);
      if (unkept !== warned) {
        warned = unkept;
        return;
      }
      form.forget();
    }
    show(ahead?.id === id ? ahead : await asked(part_of(id)), push);
  });
}

/** Do one thing at a time; a key that is pressed meanwhile is not kept for another image. */
async function busily(work) {
  if (busy) return;
  busy = true;
  document.body.classList.add("busy");
  try {
    await work();
  } catch (problem) {
    failed(problem);
  } finally {
    busy = false;
    document.body.classList.remove("busy");
  }
}

/** Ask which images look alike, again while they are still being read. */
async function look_alike(here) {
  const found = here.querySelector(".alike .found");
  // Marks of an image are like no image: there is no such list.
  if (here !== sheet() || !found) return;
  try {
    for (;;) {
      const told = await asked(here.querySelector(".alike").dataset.alike);
      if (here !== sheet()) return;
      put_found(found, told.html);
      if (told.complete) return;
      await new Promise((done) => setTimeout(done, 700));
      if (here !== sheet()) return;
    }
  } catch {
    found.textContent = "Could not be looked for.";
  }
}

/** Put a list in place of the one before, unless it says the same: a button in it may have the focus. */
function put_found(found, html) {
  const made = document.createElement("div");
  made.innerHTML = own.createHTML(html);
  if (made.textContent === found.textContent) return;
  const count = made.querySelectorAll(".likeness").length;
  const state = part.querySelector(".alike-state");
  if (state) state.textContent = count ? `${count === 1 ? "1 image looks" : `${count} images look`} alike: c compares.` : "";
  const compared = found.querySelector("[aria-pressed=true]")?.dataset.compare;
  found.replaceChildren(...made.childNodes);
  for (const each of found.querySelectorAll("[data-compare]")) {
    if (each.dataset.compare === compared) each.setAttribute("aria-pressed", "true");
  }
}

// -- what is done -----------------------------------------------------------------------------

async function decide(verdict, reason) {
  const here = sheet();
  if (!here || !form) return;
  await busily(async () => {
    const cells = await form.rest();
    const told = { id: here.dataset.id, version: form.version, verdict, reason, cells };
    // Nothing that is typed meanwhile is for the next image.
    part.inert = true;
    let done;
    try {
      done = await send("/decide", told);
    } finally {
      part.inert = false;
    }
    form.forget();
    sessionStorage.removeItem(reason_of(here));
    show(done);
    tell(done.said);
  });
}

async function verdict(which) {
  const button = part.querySelector(`.verdicts [data-verdict=${which}]`);
  if (!button || button.disabled) return;
  const typed = /** @type {HTMLInputElement} */ (document.getElementById("reason")).value.trim();
  if (which === "accept" || typed) return decide(which, typed);
  const reason = await ask_why(which);
  if (reason !== null) await decide(which, reason);
}

/** @returns {Promise<string | null>} null where the curator thought better of it */
function ask_why(which) {
  const needed = which === "reject";
  for (const list of why.querySelectorAll(".reasons")) list.hidden = list.dataset.verdict !== which;
  document.getElementById("why-title").textContent = needed ? "Why is it rejected?" : "Why is it put aside?";
  document.getElementById("why-done").textContent = needed ? "Reject" : "Put aside";
  whyText.value = "";
  whyText.required = needed;
  why.returnValue = "";
  why.showModal();
  whyText.focus();
  return new Promise((answer) => {
    why.addEventListener("close", () => {
      answer(why.returnValue === "done" ? whyText.value.trim() : null);
    }, { once: true });
  });
}

why.addEventListener("click", (event) => {
  const known = event.target.closest("[data-reason]");
  if (known) {
    whyText.value = known.dataset.reason;
    why.close("done");
  }
});
document.getElementById("why-cancel").addEventListener("click", () => why.close(""));
why.addEventListener("keydown", (event) => {
  // A digit chooses a reason, unless one is being written.
  if (/^[1-9]$/.test(event.key) && !whyText.value && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const shown = why.querySelector(".reasons:not([hidden])");
    const known = shown.querySelectorAll("[data-reason]")[Number(event.key) - 1];
    if (known) {
      event.preventDefault();
      known.click();
    }
  }
});

async function undo() {
  await busily(async () => {
    await form?.keep();
    const done = await send("/undo", {});
    show(done);
    tell(done.said);
  });
}

function note_duplicate(words) {
  const reason = document.getElementById("reason");
  if (!reason) return;
  if (!reason.value.includes(words)) reason.value = [reason.value, words].filter(Boolean).join("; ");
  reason.dispatchEvent(new Event("input"));
  reason.focus();
  tell("The reason is written; Reject is next.");
}

function compare_next() {
  const all = [...part.querySelectorAll(".alike [data-compare]")];
  if (!viewer || !all.length) return;
  const at = all.findIndex((each) => each.getAttribute("aria-pressed") === "true");
  if (at + 1 === all.length) {
    all[at].setAttribute("aria-pressed", "false");
    viewer.alone();
  } else {
    all[at + 1].click();
  }
}

function compare(button) {
  for (const each of part.querySelectorAll(".alike [data-compare]")) {
    each.setAttribute("aria-pressed", String(each === button));
  }
  viewer.compare(button.dataset.compare, button.dataset.caption);
  viewer.root.scrollIntoView({ block: "nearest" });
  tell(`Compared with ${button.dataset.caption}`);
}

// -- hands ------------------------------------------------------------------------------------

part.addEventListener("click", (event) => {
  const { target } = event;
  const verdictButton = target.closest("[data-verdict]");
  if (verdictButton) return verdict(verdictButton.dataset.verdict);
  const proposal = target.closest(".proposal");
  if (proposal) return form.set(proposal.dataset.for, proposal.dataset.value);
  const patient = target.closest("[data-patient]");
  if (patient) return form.set("patientid", patient.dataset.patient);
  const other = target.closest("[data-compare]");
  if (other) return other.getAttribute("aria-pressed") === "true"
    ? (other.setAttribute("aria-pressed", "false"), viewer.alone()) : compare(other);
  const duplicate = target.closest("[data-duplicate]");
  if (duplicate) return note_duplicate(duplicate.dataset.duplicate);
  const alone = target.closest("[data-do=alone]");
  if (alone) part.querySelectorAll("[data-compare]").forEach((each) => each.setAttribute("aria-pressed", "false"));
  const link = target.closest("a[data-go]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    return go(link.dataset.go);
  }
});

/** The words that a suggestion rests on light up while it is looked at. */
function light(event, lit) {
  const number = event.target.closest?.("[data-number]")?.dataset.number;
  if (!number) return;
  for (const mark of part.querySelectorAll("mark[data-proposals]")) {
    if (mark.dataset.proposals.split(" ").includes(number)) mark.classList.toggle("lit", lit);
  }
}
for (const [begins, ends] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  part.addEventListener(begins, (event) => light(event, true));
  part.addEventListener(ends, (event) => light(event, false));
}

const COMMANDS = {
  a: () => verdict("accept"),
  r: () => verdict("reject"),
  d: () => verdict("defer"),
  u: undo,
  n: () => beside("after"),
  p: () => beside("before"),
  q: () => location.assign("/queue"),
  f: () => form?.go_to_wrong(),
  v: () => viewer?.stage.focus(),
  c: compare_next,
  "+": () => viewer?.do("in"),
  "=": () => viewer?.do("in"),
  "-": () => viewer?.do("out"),
  0: () => viewer?.do("fit"),
  "[": () => viewer?.do("narrower"),
  "]": () => viewer?.do("wider"),
  ",": () => viewer?.do("lower"),
  ".": () => viewer?.do("higher"),
  w: () => viewer?.do("reset"),
  i: () => viewer?.do("invert"),
  "?": () => keys.showModal(),
};

function beside(side) {
  const id = sheet()?.dataset[side];
  if (id) go(id);
  else if (sheet()) tell(side === "after" ? "This is the last image." : "This is the first image.");
}

document.addEventListener("keydown", (event) => {
  if (keys.open || why.open || event.isComposing) return;
  // For a moment after a dialog has closed its field still has the focus.
  const written = !event.target.closest("dialog") && event.target.closest("input:not([type=range]):not([type=checkbox]), textarea, select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && sheet()) {
    event.preventDefault();
    verdict("accept");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (written) {
    if (event.key === "Escape") {
      written.blur();
      part.querySelector("h1")?.focus();
    } else if (event.key === "Enter" && written.id === "reason") {
      event.preventDefault();
      part.querySelector(".verdicts .reject:not([disabled])")?.focus();
    }
    return;
  }
  if (!singleKeys.checked && event.key !== "?") return;
  const proposal = /^[1-9]$/.test(event.key) && part.querySelector(`.proposal[data-number="${event.key}"]`);
  const command = COMMANDS[event.key];
  if (proposal) proposal.click();
  else if (command && !event.repeat || command && "+-=[],.".includes(event.key)) command();
  else return;
  event.preventDefault();
});

document.getElementById("undo").addEventListener("click", undo);
document.getElementById("help").addEventListener("click", () => keys.showModal());
singleKeys.checked = localStorage.getItem("single-keys") !== "no";
singleKeys.addEventListener("change", () => {
  localStorage.setItem("single-keys", singleKeys.checked ? "yes" : "no");
});
window.addEventListener("popstate", () => {
  // The skip link changes the address, too, and not the image.
  if (location.pathname !== address(document.body.dataset.shown)) location.reload();
});
begin();
if (document.body.dataset.shown) {
  history.replaceState({ id: document.body.dataset.shown }, "", location.pathname);
}
