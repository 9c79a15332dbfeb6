// The image: zoom, pan, window and level, and a second image beside it.
//
// The view is kept as the point of the image that is in the middle, as fractions of its width and
// height, and as how much larger than the whole image it is drawn: so two images of other sizes
// move together.

const MOST_ZOOM = 40;
const STEP = 1.25;
const FULL = 255;
const AS_IT_IS = { window: FULL, level: FULL / 2, inverted: false };

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.min(Math.max(value, low), high);

export class Viewer {
  /** @param {HTMLElement} root the section with the stage and the tools */
  constructor(root) {
    this.root = root;
    this.stage = /** @type {HTMLElement} */ (root.querySelector(".stage"));
    this.panes = [...root.querySelectorAll(".pane")].map((pane) => ({
      pane: /** @type {HTMLElement} */ (pane),
      picture: /** @type {HTMLImageElement} */ (pane.querySelector(".picture")),
      unshown: /** @type {HTMLElement} */ (pane.querySelector(".unshown")),
    }));
    this.windowSlider = /** @type {HTMLInputElement} */ (root.querySelector("input.window"));
    this.levelSlider = /** @type {HTMLInputElement} */ (root.querySelector("input.level"));
    this.view = { zoom: 1, x: 0.5, y: 0.5 };
    this.light = { ...AS_IT_IS };
    /** @type {Map<number, {x: number, y: number}>} */
    this.fingers = new Map();
    this.listen();
    for (const each of this.panes) this.await(each);
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.stage);
    this.draw();
  }

  /** Let go of what outlives the page's part. */
  close() {
    this.resized.disconnect();
  }

  // -- what is shown ------------------------------------------------------------------------

  await({ picture, unshown }) {
    picture.addEventListener("load", () => {
      unshown.hidden = true;
      picture.hidden = false;
      this.draw();
    });
    picture.addEventListener("error", () => this.explain(picture, unshown));
    if (picture.complete && picture.getAttribute("src") && !picture.naturalWidth) {
      this.explain(picture, unshown);
    }
  }

  /** Say why a picture is not shown, in the server's words. */
  async explain(picture, unshown) {
    picture.hidden = true;
    unshown.hidden = false;
    unshown.textContent = "It cannot be shown.";
    try {
      const answer = await fetch(picture.src);
      const words = answer.headers.get("content-type")?.startsWith("text/plain");
      unshown.textContent = words ? await answer.text() : "The browser cannot decode it.";
    } catch {
      unshown.textContent = "The server does not answer.";
    }
  }

  /**
   * Show another image beside this one.
   * @param {string} address @param {string} caption
   */
  compare(address, caption) {
    const [, other] = this.panes;
    other.pane.hidden = false;
    other.picture.src = address;
    other.picture.alt = caption;
    other.pane.querySelector(".caption").textContent = caption;
    this.root.querySelector("[data-do=alone]").hidden = false;
    this.fit();
  }

  alone() {
    this.panes[1].pane.hidden = true;
    this.root.querySelector("[data-do=alone]").hidden = true;
    this.fit();
  }

  // -- zoom and pan -------------------------------------------------------------------------

  /** Pixels of the screen for one of the image when all of it is shown. */
  whole({ pane, picture }) {
    return Math.min(pane.clientWidth / picture.naturalWidth, pane.clientHeight / picture.naturalHeight);
  }

  fit() {
    this.view = { zoom: 1, x: 0.5, y: 0.5 };
    this.draw();
  }

  /**
   * Zoom, and keep a point where it is.
   * @param {number} factor @param {number} [atX] @param {number} [atY] from the pane's middle
   */
  zoom(factor, atX = 0, atY = 0) {
    const zoom = within(this.view.zoom * factor, 0.5, MOST_ZOOM);
    const first = this.panes[0];
    const scale = this.whole(first);
    if (!Number.isFinite(scale)) return;
    const before = scale * this.view.zoom;
    const after = scale * zoom;
    this.view.x += (atX / before - atX / after) / first.picture.naturalWidth;
    this.view.y += (atY / before - atY / after) / first.picture.naturalHeight;
    this.view.zoom = zoom;
    this.draw();
  }

  /** @param {number} dx pixels of the screen, to the right @param {number} dy down */
  pan(dx, dy) {
    const first = this.panes[0];
    const scale = this.whole(first) * this.view.zoom;
    if (!Number.isFinite(scale)) return;
    this.view.x -= dx / (first.picture.naturalWidth * scale);
    this.view.y -= dy / (first.picture.naturalHeight * scale);
    this.draw();
  }

  draw() {
    this.view.x = within(this.view.x, 0, 1);
    this.view.y = within(this.view.y, 0, 1);
    for (const each of this.panes) {
      const { pane, picture } = each;
      if (pane.hidden || !picture.naturalWidth) continue;
      const scale = this.whole(each) * this.view.zoom;
      const left = pane.clientWidth / 2 - this.view.x * picture.naturalWidth * scale;
      const top = pane.clientHeight / 2 - this.view.y * picture.naturalHeight * scale;
      picture.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
      picture.style.imageRendering = scale > 4 ? "pixelated" : "auto";
    }
    const shown = this.whole(this.panes[0]) * this.view.zoom;
    const output = this.root.querySelector(".scale");
    output.textContent = Number.isFinite(shown) ? `${Math.round(shown * 100)} %` : "";
  }

  // -- window and level ---------------------------------------------------------------------

  relight() {
    const { window, level, inverted } = this.light;
    this.windowSlider.value = String(Math.round(window));
    this.levelSlider.value = String(Math.round(level));
    this.root.querySelector("[data-do=invert]").setAttribute("aria-pressed", String(inverted));
    const plain = window === AS_IT_IS.window && level === AS_IT_IS.level && !inverted;
    // The grey value `level` becomes middle grey; `window` values around it fill black to white.
    const slope = (inverted ? -1 : 1) * (FULL / window);
    const intercept = 0.5 - (level / FULL) * slope;
    for (const part of document.querySelectorAll("#light feFuncR, #light feFuncG, #light feFuncB")) {
      part.setAttribute("slope", String(slope));
      part.setAttribute("intercept", String(intercept));
    }
    for (const { picture } of this.panes) picture.classList.toggle("lit", !plain);
  }

  /** @param {number} wider @param {number} higher in grey values */
  light_by(wider, higher) {
    this.light.window = within(this.light.window + wider, 2, 2 * FULL);
    this.light.level = within(this.light.level + higher, 0, FULL);
    this.relight();
  }

  invert() {
    this.light.inverted = !this.light.inverted;
    this.relight();
  }

  reset() {
    this.light = { ...AS_IT_IS };
    this.relight();
  }

  // -- hands --------------------------------------------------------------------------------

  listen() {
    const stage = this.stage;
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    stage.addEventListener("contextmenu", (event) => event.preventDefault());
    stage.addEventListener("pointerdown", (event) => {
      // A browser that has lost the pointer already refuses to capture it.
      try { stage.setPointerCapture(event.pointerId); } catch { return; }
      this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    stage.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      stage.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    }
    stage.addEventListener("keydown", (event) => this.key(event));
    this.windowSlider.addEventListener("input", () => {
      this.light.window = Number(this.windowSlider.value);
      this.relight();
    });
    this.levelSlider.addEventListener("input", () => {
      this.light.level = Number(this.levelSlider.value);
      this.relight();
    });
    this.root.querySelector(".tools").addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.do(button.dataset.do);
    });
  }

  /** @param {string} what */
  do(what) {
    const done = {
      in: () => this.zoom(STEP),
      out: () => this.zoom(1 / STEP),
      fit: () => this.fit(),
      invert: () => this.invert(),
      reset: () => this.reset(),
      alone: () => this.alone(),
      narrower: () => this.light_by(-16, 0),
      wider: () => this.light_by(16, 0),
      lower: () => this.light_by(0, -8),
      higher: () => this.light_by(0, 8),
    };
    done[what]?.();
  }

  /** The pane under the pointer: both have the same size. */
  middle(event) {
    const pane = event.target.closest(".pane") ?? this.panes[0].pane;
    const box = pane.getBoundingClientRect();
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
  }

  wheel(event) {
    event.preventDefault();
    this.zoom(STEP ** (-event.deltaY / 100), ...this.middle(event));
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      this.zoom(apart(now) / apart(before));
      this.pan(dx / 2, dy / 2);
    } else if (event.buttons === 2 || event.shiftKey) {
      this.light_by(dx, -dy / 2);
    } else {
      this.pan(dx, dy);
    }
    this.fingers.set(event.pointerId, now);
  }

  key(event) {
    const step = 40;
    const ways = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const way = ways[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.pan(way[0], way[1]);
  }
}
