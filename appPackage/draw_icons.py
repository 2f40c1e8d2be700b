"""Draws the app's two icons anew: a speech bubble with a section sign, `python appPackage/draw_icons.py`."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

BACKGROUND = (18, 78, 92, 255)  # the manifest's accentColor
WHITE = (255, 255, 255, 255)
CLEAR = (255, 255, 255, 0)
FINE = 8  # drawn this many times larger, then reduced: Pillow's own edges are jagged

Point = tuple[float, float]
Colour = tuple[int, ...] | int

# The upper half of the section sign as Bézier curves around its middle; the lower is the same, turned half round.
UPPER: tuple[tuple[Point, Point, Point, Point], ...] = (
    ((0.72, -1.38), (0.62, -2.02), (-0.76, -2.06), (-0.74, -1.30)),
    ((-0.74, -1.30), (-0.72, -0.68), (0.84, -0.66), (0.84, 0.18)),
    ((0.84, 0.18), (0.84, 0.50), (0.58, 0.72), (0.30, 0.80)),
)


def section_sign(
    draw: ImageDraw.ImageDraw, middle: Point, unit: float, stroke: float, colour: Colour
) -> None:
    for turn in (1, -1):
        for curve in UPPER:
            for x, y in _along(curve):
                at = (middle[0] + turn * x * unit, middle[1] + turn * y * unit)
                _dot(draw, at, stroke / 2, colour)


def _along(curve: tuple[Point, Point, Point, Point], steps: int = 400) -> Iterator[Point]:
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        yield (
            sum(w * p[0] for w, p in zip(weights, curve, strict=True)),
            sum(w * p[1] for w, p in zip(weights, curve, strict=True)),
        )


def _dot(draw: ImageDraw.ImageDraw, at: Point, radius: float, colour: Colour) -> None:
    draw.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill=colour)


def bubble(
    draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], unit: float, colour: Colour
) -> None:
    left, _, right, bottom = box
    draw.rounded_rectangle(box, radius=5 * unit, fill=colour)
    tip = left + (right - left) * 0.30
    draw.polygon(
        [
            (tip - 3.2 * unit, bottom - unit),
            (tip + 3.4 * unit, bottom - unit),
            (tip - 2.6 * unit, bottom + 4.6 * unit),
        ],
        fill=colour,
    )


def colour_icon() -> Image.Image:
    """192 x 192, its sign within the middle that Teams never cuts off."""
    size = 192 * FINE
    unit = size / 48
    image = Image.new("RGBA", (size, size), BACKGROUND)
    draw = ImageDraw.Draw(image)
    bubble(draw, (9.5 * unit, 8 * unit, 38.5 * unit, 35 * unit), unit, WHITE)
    section_sign(draw, (24 * unit, 21.5 * unit), 4.7 * unit, 2.5 * unit, BACKGROUND)
    return image.resize((192, 192), Image.Resampling.LANCZOS)


def outline_icon() -> Image.Image:
    """32 x 32, white lines on nothing: only the alpha channel is drawn, so that every pixel stays white."""
    size = 32 * FINE
    unit = size / 32
    alpha = Image.new("L", (size, size), 0)
    draw = ImageDraw.Draw(alpha)
    bubble(draw, (2.5 * unit, 1.5 * unit, 29.5 * unit, 26 * unit), unit, 255)
    bubble(draw, (4.5 * unit, 3.5 * unit, 27.5 * unit, 24 * unit), unit * 0.72, 0)
    section_sign(draw, (16 * unit, 13.75 * unit), 3.7 * unit, 2.1 * unit, 255)
    image = Image.new("RGBA", (32, 32), CLEAR)
    image.putalpha(alpha.resize((32, 32), Image.Resampling.BOX))
    return image


if __name__ == "__main__":
    here = Path(__file__).parent
    colour_icon().save(here / "color.png", optimize=True)
    outline_icon().save(here / "outline.png", optimize=True)
