"""The look of the Gradio page: system fonts, one accent colour, warm paper by day and a dim room by night."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes import Base

_PAPER, _ROOM = "#faf7f2", "#1d1f22"
_INK, _LIGHT = "#2b2a28", "#e9e5dd"
_QUIET, _QUIET_DARK = "#5f5a52", "#b3aca0"
_LINE, _LINE_DARK = "#d9d2c6", "#3c3f44"
_CARD, _CARD_DARK = "#ffffff", "#26292d"
_ACCENT, _ACCENT_DARK = "#2f6f6a", "#8fc7bf"


def theme() -> Base:
    """Return our Gradio theme; the same colours as static/plain.css."""
    from gradio.themes import Base, sizes

    fonts = ("system-ui", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
    made = Base(text_size=sizes.text_lg, radius_size=sizes.radius_lg, font=fonts, font_mono=("ui-monospace", "monospace"))
    return made.set(
        body_background_fill=_PAPER,
        body_background_fill_dark=_ROOM,
        body_text_color=_INK,
        body_text_color_dark=_LIGHT,
        body_text_color_subdued=_QUIET,
        body_text_color_subdued_dark=_QUIET_DARK,
        block_background_fill=_CARD,
        block_background_fill_dark=_CARD_DARK,
        block_border_color=_LINE,
        block_border_color_dark=_LINE_DARK,
        block_label_text_color=_QUIET,
        block_label_text_color_dark=_QUIET_DARK,
        block_title_text_color=_INK,
        block_title_text_color_dark=_LIGHT,
        border_color_primary=_LINE,
        border_color_primary_dark=_LINE_DARK,
        color_accent=_ACCENT,
        color_accent_soft="#e3eeec",
        color_accent_soft_dark="#2c3a39",
        border_color_accent=_ACCENT,
        border_color_accent_dark=_ACCENT_DARK,
        input_background_fill=_CARD,
        input_background_fill_dark=_CARD_DARK,
        input_border_color=_LINE,
        input_border_color_dark=_LINE_DARK,
        input_border_color_focus=_ACCENT,
        input_border_color_focus_dark=_ACCENT_DARK,
        input_placeholder_color="#736c62",
        input_placeholder_color_dark="#a09a90",
        button_primary_background_fill=_ACCENT,
        button_primary_background_fill_dark=_ACCENT_DARK,
        button_primary_background_fill_hover="#275e5a",
        button_primary_background_fill_hover_dark="#a3d3cc",
        button_primary_border_color=_ACCENT,
        button_primary_border_color_dark=_ACCENT_DARK,
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#14211f",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
        button_secondary_border_color=_ACCENT,
        button_secondary_border_color_dark=_ACCENT_DARK,
        button_border_width="1px",
        button_large_text_weight="500",
        button_medium_text_weight="500",
        button_large_text_size="*text_md",
        button_secondary_text_color=_ACCENT,
        button_secondary_text_color_dark=_ACCENT_DARK,
    )
