/** A page's stream of views (画面の更新): drawn as they come, and told as lost as soon as they stay out. */

/** The terminal sends at least every 4 seconds. */
const SILENCE_MS = 12_000;
/** A terminal that has too many screens answers, and the browser does not ask it again by itself. */
const ASK_AGAIN_MS = 5_000;

/**
 * Asks again by itself for as long as the page is open.
 *
 * @template View
 * @param {string} address of the stream
 * @param {(view: View) => void} draw
 * @param {() => void} lost no view has come when one was due
 */
export const followViews = (address, draw, lost) => {
  /** @type {number | undefined} */
  let silence;
  const events = new EventSource(address);
  events.onmessage = ({ data }) => {
    clearTimeout(silence);
    silence = window.setTimeout(lost, SILENCE_MS);
    draw(JSON.parse(data));
  };
  events.onerror = () => {
    clearTimeout(silence);
    lost();
    if (events.readyState === EventSource.CLOSED)
      window.setTimeout(() => followViews(address, draw, lost), ASK_AGAIN_MS);
  };
};
