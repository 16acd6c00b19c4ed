"""Draws how a cost grows as SVG, both axes logarithmic, for pages light and dark."""

import math


def drawn(lines, caption):
    """Lines of (count, microseconds) by their names, the first of which has a point at every count."""
    width, height, left, bottom = 640, 340, 60, 60
    marks = [rows for rows, _ in next(iter(lines.values()))]
    low, high = math.log10(marks[0]), math.log10(marks[-1])
    top = max(math.log10(time) for points in lines.values() for _, time in points)

    def place(rows, time):
        x = left + (math.log10(rows) - low) / (high - low) * (width - left - 90)
        return x, height - bottom - (math.log10(time) - 0.7) / (top - 0.7) * (height - bottom - 20)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12" fill="#778">'
    ]
    for time in (10, 30, 100, 300):
        if math.log10(time) <= top:
            (x, y), (end, _) = place(marks[0], time), place(marks[-1], time)
            parts.append(f'<path d="M{x:.0f} {y:.0f}H{end:.0f}" stroke="#8888" stroke-width=".5"/>')
            parts.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{time} µs</text>')
    for rows in marks:
        x, _ = place(rows, 10)
        parts.append(f'<text x="{x:.0f}" y="{height - 40}" text-anchor="middle">{rows:,}</text>')
    for (engine, points), colour in zip(lines.items(), ("#2a6fdb", "#c2571a")):
        path = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in (place(*point) for point in points):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
        parts.append(f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{engine}</text>')
    parts.append(f'<text x="{left}" y="{height - 12}">{caption}</text></svg>')
    return "\n".join(parts) + "\n"
