"""A screenshot as a PNG with a palette: a third of the size, for pictures that are kept in the repository."""

import base64
import struct
import zlib
from pathlib import Path

import numpy as np
from playwright.sync_api import BrowserContext

COLOURS = 128
PIXELS = """async png => {
    const image = await createImageBitmap(await (await fetch(png)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const reader = new FileReader();
    reader.readAsDataURL(new Blob([canvas.getImageData(0, 0, image.width, image.height).data]));
    await new Promise(resolve => { reader.onload = resolve; });
    return {width: image.width, height: image.height, pixels: reader.result.split(",")[1]};
}"""


def save(screenshot: bytes, path: Path, *, context: BrowserContext) -> None:
    """Write `screenshot`, a PNG, to `path` with at most 128 colours. The browser itself decodes it, in a page of its
    own."""
    page = context.new_page()
    found = page.evaluate(PIXELS, "data:image/png;base64," + base64.b64encode(screenshot).decode())
    page.close()
    flat = np.frombuffer(base64.b64decode(found["pixels"]), dtype=np.uint8)
    pixels = flat.reshape(found["height"], found["width"], 4)[:, :, :3]
    path.write_bytes(palette_png(pixels))


def palette_png(pixels: np.ndarray) -> bytes:
    """A PNG of `pixels` (rows, columns, red-green-blue). Colours that are alike share the one that is used most."""
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    colours, place, counts = np.unique(packed, return_inverse=True, return_counts=True)
    parts = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int64)
    often = np.argsort(-counts, kind="stable")
    # The colours of grounds and letters, then one of each group of near colours, so that no rare hue is crowded out.
    groups = (parts[often] >> 5) @ np.array([256, 16, 1])
    groups[: COLOURS // 2] = -np.arange(COLOURS // 2)[: len(groups)]
    _, first = np.unique(groups, return_index=True)
    kept = parts[often[np.sort(first)[:COLOURS]]]
    nearest = ((parts[:, None, :] - kept[None, :, :]) ** 2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    rows = nearest[place].reshape(packed.shape)
    lines = np.concatenate([np.zeros((rows.shape[0], 1), dtype=np.uint8), rows], axis=1)
    header = struct.pack(">IIBBBBB", rows.shape[1], rows.shape[0], 8, 3, 0, 0, 0)
    chunks = [
        (b"IHDR", header),
        (b"PLTE", kept.astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
