import { css } from "lit";

/** Controls, buttons and what is said beside them: what the form and the record share. */
export const controls = css`
  .field,
  .cell {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.25rem;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
    align-content: start;
  }
  .label {
    display: block;
    margin: 0;
    padding: 0;
    font-size: 1em;
    font-weight: 600;
    line-height: 1.35;
  }
  legend.label {
    margin-block-end: 0.25rem;
  }
  .label.small {
    font-size: 0.9375em;
  }
  .mark {
    margin-inline-start: 0.25rem;
    color: var(--_muted);
    font-size: 0.8125em;
    font-weight: 400;
  }
  .help,
  .note,
  .more {
    margin: 0;
    color: var(--_muted);
    font-size: 0.875em;
    font-weight: 400;
  }
  .more {
    display: block;
  }
  .more.open {
    color: var(--_warns);
  }
  .finding {
    margin: 0;
    font-size: 0.875em;
  }
  .finding:empty {
    display: none;
  }
  .finding > span {
    display: block;
    padding-inline-start: 0.625rem;
    border-inline-start: 3px solid currentColor;
  }
  .finding > .stops {
    color: var(--_stops);
  }
  .finding > .warns {
    color: var(--_warns);
  }
  .finding > .later {
    color: var(--_muted);
  }
  .fixed .value {
    margin: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .input {
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: inherit;
    font: inherit;
  }
  .input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .input[aria-invalid="true"] {
    border-color: var(--_stops);
    box-shadow: inset 0 0 0 1px var(--_stops);
  }
  textarea.input {
    min-block-size: 5.5rem;
    max-block-size: 24rem;
    field-sizing: content;
    resize: vertical;
  }
  .input.short {
    inline-size: 10rem;
  }
  .input.tiny {
    inline-size: 5rem;
  }
  .input.moment {
    inline-size: 15rem;
    max-inline-size: 100%;
  }
  .with-unit {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.375rem 0.75rem;
  }
  .options {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1.75rem;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .option {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0.625rem;
    align-items: start;
    padding-block: 0.375rem;
    cursor: pointer;
  }
  .option input {
    inline-size: 1.25rem;
    block-size: 1.25rem;
    margin: 0.125rem 0 0;
    accent-color: var(--_accent);
  }

  :is(button, a, summary, input, select, textarea, [tabindex]):focus-visible {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
  a {
    color: var(--_accent);
  }
  button {
    min-block-size: 2.75rem;
    padding: 0.5rem 1rem;
    border: 1px solid transparent;
    border-radius: var(--_radius);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }
  button[aria-disabled="true"],
  button:disabled {
    cursor: default;
    opacity: 0.6;
  }
  .primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .secondary {
    justify-self: start;
    border-color: var(--_edge);
    background: var(--_surface);
    color: inherit;
    font-weight: 500;
  }
  .quiet {
    background: none;
    color: var(--_muted);
    font-weight: 500;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .danger {
    background: var(--_stops);
    color: var(--_surface);
  }
  button:not([aria-disabled="true"], :disabled):hover {
    filter: brightness(0.94);
  }

  .picker {
    position: relative;
  }
  .results {
    position: absolute;
    inset-inline: 0;
    inset-block-start: calc(100% + 0.25rem);
    z-index: 10;
    max-block-size: 18rem;
    margin: 0;
    padding: 0.25rem;
    overflow: auto;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: 0 0.5rem 1.5rem rgb(0 0 0 / 0.2);
    list-style: none;
  }
  .results.none {
    padding: 0.75rem;
    color: var(--_muted);
  }
  .result {
    padding: 0.5rem 0.625rem;
    border-radius: calc(var(--_radius) / 2);
    cursor: pointer;
  }
  .result:hover {
    background: var(--_raised);
  }
  .result[aria-selected="true"] {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .result[aria-selected="true"] .more {
    color: inherit;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    margin: 0 0 0.375rem;
    padding: 0;
    list-style: none;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    padding-inline-start: 0.75rem;
    border: 1px solid var(--_border);
    border-radius: 2rem;
    background: var(--_raised);
  }
  .chip-remove {
    min-inline-size: 2.25rem;
    min-block-size: 2.25rem;
    padding: 0;
    border-radius: 50%;
    background: none;
    color: inherit;
    font-size: 1.125em;
    line-height: 1;
  }

  .rows {
    display: grid;
    gap: 0.75rem;
    justify-items: stretch;
  }
  .row {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
    gap: 0.75rem;
    align-items: start;
    position: relative;
    margin: 0;
    padding: 0.75rem;
    padding-inline-end: 3rem;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
  .row-title {
    padding-inline: 0.25rem;
    color: var(--_muted);
    font-size: 0.8125em;
  }
  .row > .quiet {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    min-inline-size: 2.75rem;
    padding: 0;
    font-size: 1.25em;
    text-decoration: none;
  }

  .level {
    display: inline-block;
    padding: 0.0625rem 0.625rem;
    border: 1px solid transparent;
    border-radius: 2rem;
    font-weight: 600;
  }
  .level.open {
    border: 1px dashed var(--_edge);
  }
  .level.low {
    background: var(--_low);
    color: var(--_on-low);
  }
  .level.middle {
    background: var(--_middle);
    color: var(--_on-middle);
  }
  .level.high {
    background: var(--_high);
    color: var(--_on-high);
  }
  .notice,
  .summary {
    margin: 0 0 var(--_space);
    padding: 0.875rem 1rem;
    border: 1px solid var(--_border);
    border-inline-start: 5px solid var(--_accent);
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  .notice.stops,
  .summary {
    border-inline-start-color: var(--_stops);
  }
  :is(.notice, .summary) :is(p, ul, h3) {
    margin: 0;
  }
  :is(.notice, .summary) ul {
    padding-inline-start: 1.25rem;
  }
  .summary-title {
    font-size: 1.0625em;
  }
  .summary a {
    color: var(--_stops);
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
  @media (forced-colors: active) {
    .level,
    .chip,
    .tag {
      border-color: CanvasText;
    }
    .result[aria-selected="true"] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
  @media print {
    button,
    .results {
      display: none !important;
    }
    .input {
      border-color: transparent;
      resize: none;
    }
    .input::placeholder {
      color: transparent;
    }
  }
`;
