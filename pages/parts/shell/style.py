"""Style sheets: what Streamlit's theme cannot say."""

_PAGE = """
:root { --paper: #FFFFFF; }
.st-key-banner [data-testid="stAlert"] p { font-size: 1.2rem; line-height: 1.4; }
.st-key-present-key, .st-key-page-keys, .st-key-browser { display: none; }
.st-key-neighbors { margin-top: 1rem; padding-top: 2rem;
    border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
[data-testid="stMarkdown"] h2 { font-size: 1rem; line-height: 1.2; letter-spacing: normal; padding: 0.375rem 0 1rem; }
[data-testid="stMarkdown"] h2 .stMarkdownColoredText { font-weight: 400; }
[data-testid="stButtonGroup"] button { padding-inline: 0.4rem; }
[data-testid="stButtonGroup"] img { width: 1.6rem; height: 1.6rem; max-height: none; margin-right: 0.25rem; }
.claim { display: grid; grid-template: auto 1fr / 3fr 2fr; gap: 0 1rem; padding: 1rem; margin-bottom: 1rem;
    border-radius: 0.5rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent);
    content-visibility: auto; contain-intrinsic-size: auto 25rem; }
.claim h2 { font-size: 1rem; line-height: 1.2; letter-spacing: normal; margin: 0; padding: 0 0 1rem;
    scroll-margin-top: 5rem; }
.claim h3 { font-size: 0.875rem; padding: 1rem 0 0.25rem; }
.claim .verdict { width: fit-content; padding: 0 0.5rem; border-radius: 0.25rem;
    background: color-mix(in srgb, var(--hue) 20%, transparent); }
.claim .verdict span { font-family: "Material Symbols Rounded"; vertical-align: -0.15em; }
.claim figure { grid-area: 1 / 2 / span 2; max-width: 32rem; margin: 0; }
.claim figcaption { font-size: 0.875rem; font-weight: 600; line-height: 1.2; padding-bottom: 0.75rem; }
.claim img { width: 100%; height: auto; }
.claim figure p, .claim table, .claim h3 ~ p { font-size: 0.875rem; }
.claim details { min-width: 0; }
.claim details div { overflow-x: auto; }
.claim td, .claim th { padding: 0.25rem 1rem 0.25rem 0; text-align: left; vertical-align: top; }
@media (max-width: 640px) { .claim { grid-template: none; } .claim figure { grid-area: auto; } }
[data-testid="stTable"] th { white-space: normal; }
[data-testid="stTable"] td, [data-testid="stTable"] td > [data-testid="stMarkdownContainer"] p {
    overflow-wrap: break-word; white-space: normal; }
.st-key-names [data-testid="stTable"] { overflow-x: auto; }
.st-key-names [data-testid="stTable"] td > [data-testid="stMarkdownContainer"] p { overflow-wrap: normal; }
.st-key-prose [data-testid="stMarkdownContainer"] { columns: 2; column-gap: 1rem; margin-bottom: 0; }
.st-key-prose [data-testid="stMarkdownContainer"] > * { break-inside: avoid; }
.st-key-prose h2 { break-after: avoid; }
@media (max-width: 640px) { .st-key-prose [data-testid="stMarkdownContainer"] { columns: 1; } }
[data-testid="stMarkdown"] pre code, [data-testid="stMarkdown"] pre code * {
    white-space: pre-wrap !important; overflow-wrap: anywhere; }
[data-testid="stMenuButtonBody"] { max-width: calc(100vw - 1rem); }
[data-testid="stMenuButtonBody"] [role="menuitem"] { height: auto; min-height: 2rem; padding-block: 0.25rem; }
[data-testid="stMenuButtonBody"] [role="menuitem"] * { white-space: normal; }
[data-testid="stPageLink"] a p { white-space: normal; overflow: visible; }
[data-testid="stVegaLiteChart"] .mark-rect path { shape-rendering: crispEdges; }

/* A phone has no keys; its controls open below what they change. */
@media (max-width: 640px) {
    kbd, .st-key-present .stMarkdownBadge { display: none !important; }
    .st-key-stage h1 { font-size: 1.5rem; padding: 0 0 1rem; }
    .st-key-banner [data-testid="stAlert"] p { font-size: 1rem; }
    .st-key-banner [data-testid="stAlertContainer"] { padding: 0.5rem 0.75rem; }
    .st-key-stage, .st-key-tools { gap: 0.5rem; }
    [data-testid="stApp"]:not(:has([data-testid="stExpandSidebarButton"])) {
        [data-testid="stSidebar"] { position: fixed !important; inset: auto 0 0 0 !important; width: 100vw !important;
            max-width: none !important; height: 45vh !important; }
        [data-testid="stSidebarContent"] { height: 45vh; }
        [data-testid="stMainBlockContainer"] { padding-bottom: 50vh; }
        [data-testid="stSidebarNavItems"] { columns: 2; }
    }
}

/* In full screen a chart keeps its page's banner and its own title above it. */
body:has([aria-label="Close fullscreen"]) {
    .st-key-banner, [data-testid="stElementContainer"]:has(+ [data-testid="stElementContainer"]
        [aria-label="Close fullscreen"]) { position: fixed; left: 1rem; width: calc(100vw - 2rem); z-index: 1000060; }
    .st-key-banner { top: 1vh; }
    .st-key-banner > :not(:has([data-testid="stAlert"])) { display: none; }
    [data-testid="stElementContainer"]:has(+ [data-testid="stElementContainer"] [aria-label="Close fullscreen"]) {
        top: 9vh; }
    [data-testid="stFullScreenFrame"]:has([aria-label="Close fullscreen"]) {
        transform: scale(0.86); transform-origin: bottom; box-shadow: 0 0 0 20vmax var(--paper); }
}

/* What moves takes the processor that the run needs. Streamlit's Stop would leave the page without results. */
[data-testid="stStatusWidget"] button { display: none; }
[data-testid="stSkeleton"], [data-testid="stSkeleton"] *, [data-testid="stProgress"] * {
    animation: none !important; transition: none !important; }

/* Below a chart that plays: a check box as its button, and a slider of records. */
[data-testid="stVegaLiteChart"] form.vega-bindings { flex-flow: row wrap; gap: 0.25rem 1.5rem; align-items: center; }
[data-testid="stVegaLiteChart"] form.vega-bindings .vega-bind { width: auto; }
[data-testid="stVegaLiteChart"] form.vega-bindings .vega-bind-name { min-width: 0; }
[data-testid="stVegaLiteChart"] .vega-bind input[name="record"] + span { display: none; }
[data-testid="stVegaLiteChart"] .vega-bind label:has(input[name="playing"]) {
    flex-flow: row-reverse; padding: 0.2rem 0.8rem; border: 1px solid currentColor; border-radius: 0.5rem; }
[data-testid="stVegaLiteChart"] .vega-bind label:has(input[name="playing"]:focus-visible) {
    outline: 2px solid currentColor; outline-offset: 2px; }
[data-testid="stVegaLiteChart"] .vega-bind input[name="playing"] {
    appearance: none; outline: none; width: 0.8em; height: 0.8em; background: currentColor;
    clip-path: polygon(0 0, 100% 50%, 0 100%); }
[data-testid="stVegaLiteChart"] .vega-bind input[name="playing"]:checked {
    background: linear-gradient(90deg, currentColor 35%, transparent 35% 65%, currentColor 65%); clip-path: none; }

/* A chart is drawn once it has a width: it gets it a quarter of a screen before it comes into view, and what would
   take it away waits for years. */
@supports (animation-timeline: view()) {
    @keyframes near { from, to { --room: 100%; --stay: 0s; } }
    [data-testid="stElementContainer"]:has([data-testid="stVegaLiteChart"]) {
        --room: 0%; --stay: 1e9s; animation: near linear; animation-timeline: view(block -25%); }
    [data-testid="stVegaLiteChart"] { max-width: var(--room); transition: max-width 0s var(--stay); }
    @media print { [data-testid="stVegaLiteChart"] { max-width: none; } }
}
"""

# From the root's size Streamlit takes all others, down to 7/8 of it; exponents in formulas are 7/10 of theirs.
# The stage is the first screen: its chart takes what title and banner leave.
_PRESENTING = """
:root { font-size: clamp(23px, 1.4vw, 27px); }
[data-testid="stHeader"], [data-testid="stSidebar"] { display: none; }
[data-testid="stMainBlockContainer"] { padding: 0.5rem 1.5rem 1rem; max-width: none; }
.st-key-drawer { display: none; position: fixed; inset: 0 0 0 auto; z-index: 100; width: min(16rem, 80vw);
    overflow-y: auto; padding: 1rem; background: var(--paper);
    border-left: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
[data-testid="stApp"]:has(.st-key-drawer-open input:checked) .st-key-drawer { display: flex; }
[data-testid="stApp"]:has(.st-key-drawer-open input:checked) [data-testid="stMainBlockContainer"] {
    padding-right: calc(min(16rem, 80vw) + 1rem); }
.st-key-drawer-open { width: max-content; }
#vg-tooltip-element { font-size: 1rem; }
.katex { font-size: 1.25em; }
[data-testid="stMarkdownContainer"] code { font-size: 1em !important; }
.st-key-stage { gap: 0.5rem; }
.st-key-stage:has([class*="st-key-figure"]) { flex: none; height: calc(100vh - 1rem); min-height: 540px; }
.st-key-stage > [data-testid="stLayoutWrapper"] { flex-shrink: 0; }
.st-key-stage > [data-testid="stLayoutWrapper"]:has(> [class*="st-key-figure"]) { flex: 1 1 0; min-height: 0; }
.st-key-stage [class*="st-key-figure"] { min-height: 0; gap: 0.25rem; }
.st-key-stage [data-testid="stElementContainer"]:has(> * [data-testid="stVegaLiteChart"]) {
    flex: 1 1 0; min-height: 0; height: auto; }
.st-key-stage h1 { font-size: 1.4rem; padding: 0; }
.st-key-stage [data-testid="stAlert"] p { font-size: 1rem; line-height: 1.3; }
.st-key-stage [data-testid="stAlertContainer"] { padding-top: 0.5rem; padding-bottom: 0.5rem; }
"""

# Under its own name Streamlit does not mark the first page's place in the sidebar.
_FIRST = """
[data-testid="stSidebarNav"] li:first-child a { background: color-mix(in srgb, #3A6FD8 14%, transparent); }
[data-testid="stSidebarNav"] li:first-child a span { font-weight: 600; }
"""

LAST_RESULT = """<style>
.st-key-banner, [data-testid="stVegaLiteChart"], [data-testid="stTable"] { opacity: 0.4; filter: grayscale(1); }
</style>"""

# Streamlit writes white on the theme's primary color, which on a dark page has to be light.
_DARK = """
:root { --paper: #10151B; }
[data-testid="stMultiSelectTagsContainer"] :has(> [title]), [data-testid="stMultiSelectTagsContainer"] [title] {
    color: #10151B; }
[data-testid="stButtonGroup"] [data-selected="true"] * { color: #9CCBF2; }
"""


def write_sheet(presenting: bool, dark: bool, first: bool) -> str:
    """The page's style element, `first` on the first page."""
    return f"<style>{_PAGE}{_PRESENTING if presenting else ''}{_DARK if dark else ''}{_FIRST if first else ''}</style>"
