import { css } from "lit";

/**
 * The custom properties that a page may set, and what stands where it does not. Light or dark follows the page's
 * `color-scheme`.
 */
export const tokens = css`
  :host {
    --_text: var(--changegate-color-text, light-dark(#1b1f24, #e8eaed));
    --_muted: var(--changegate-color-muted, light-dark(#565f6b, #a6aeb8));
    --_surface: var(--changegate-color-surface, light-dark(#ffffff, #16191d));
    --_raised: var(--changegate-color-raised, light-dark(#f5f6f8, #1f2429));
    --_border: var(--changegate-color-border, light-dark(#d3d8de, #3a424b));
    --_edge: var(--changegate-color-edge, light-dark(#79838f, #7d8894));
    --_accent: var(--changegate-color-accent, light-dark(#1f5fbf, #8ab8ff));
    --_on-accent: var(--changegate-color-on-accent, light-dark(#ffffff, #0d1726));
    --_stops: var(--changegate-color-stops, light-dark(#b3261e, #ffb4ab));
    --_warns: var(--changegate-color-warns, light-dark(#7a4a00, #f5c26b));
    --_low: var(--changegate-color-low, light-dark(#e2f2e6, #1d3a26));
    --_on-low: var(--changegate-color-on-low, light-dark(#14532d, #b7e4c4));
    --_middle: var(--changegate-color-middle, light-dark(#fdf0d5, #463410));
    --_on-middle: var(--changegate-color-on-middle, light-dark(#6b4300, #f7d694));
    --_high: var(--changegate-color-high, light-dark(#fde4e1, #4f1d1a));
    --_on-high: var(--changegate-color-on-high, light-dark(#8c1d18, #ffc9c2));
    --_focus: var(--changegate-color-focus, light-dark(#1f5fbf, #8ab8ff));
    --_radius: var(--changegate-radius, 0.5rem);
    --_space: var(--changegate-space, 1rem);
    --_font: var(--changegate-font, system-ui, sans-serif);
    --_size: var(--changegate-font-size, 1rem);

    display: block;
    scroll-margin-block-start: var(--changegate-sticky-top, 1rem);
    color: var(--_text);
    font: 400 var(--_size) / 1.5 var(--_font);
    text-align: start;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
