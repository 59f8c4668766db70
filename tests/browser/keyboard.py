"""What the Tab key does not come to."""

from __future__ import annotations

from playwright.sync_api import Page as View

MOST = 200  # presses of Tab; no page has so many places to go to

AT_ONCE = 10  # presses, until it is asked what they have not come to

# What can be acted on and has not had the focus; what a label stands for is that label's control. It begins where
# the focus is, and with a part of a page before its first place.
_MARK = """within => {
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, [role="button"]')];
    const shown = all.filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0);
    window.unreached = new Set(shown.filter(e => e.closest(within)));
    shown[shown.findIndex(e => unreached.has(e)) - 1]?.focus();
    document.addEventListener('focusin', ({ target }) => {
        const group = target.closest('[role="radiogroup"]');  // within which the arrows go on
        for (const reached of [target, ...(group?.querySelectorAll('[role="radio"]') ?? [])]) unreached.delete(reached);
    });
}"""
_LEFT = "() => [...unreached].map(e => e.getAttribute('aria-label') || e.textContent || e.name || e.type)"


def unreached(view: View, within: str = "body") -> list[str]:
    """What the Tab key does not come to, of the page or of the parts of this selector, which follow each other."""
    view.evaluate(_MARK, within)
    left: list[str] = view.evaluate(_LEFT)
    assert left
    for _ in range(0, MOST, AT_ONCE):
        for _ in range(AT_ONCE):
            view.keyboard.press("Tab")
        left = view.evaluate(_LEFT)
        if not left:
            break
    return left
