"""Small PDFs, made as a word processor, a typesetter or a fault would make them."""

import io
import zlib
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]
WIDTH, HEIGHT = A4
BODY = "The family was known to services. "


def drawn(*pages: Draw) -> bytes:
    """A PDF with one page for each function that draws one."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def written(*pages: Sequence[str], header: str = "", footer: str = "") -> bytes:
    """A PDF of plain lines; `{n}` and `{of}` in header and footer are the page's number and their count."""

    def page(number: int, lines: Sequence[str]) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.setFont("Helvetica", 9)
            canvas.drawString(72, HEIGHT - 40, header.format(n=number, of=len(pages)))
            canvas.drawString(72, 30, footer.format(n=number, of=len(pages)))
            canvas.setFont("Helvetica", 11)
            for at, line in enumerate(lines):
                canvas.drawString(72, HEIGHT - 120 - 15 * at, line)

        return draw

    return drawn(*(page(number, lines) for number, lines in enumerate(pages, 1)))


def scanned(body: bytes, *pages: int, turned: int = 0) -> bytes:
    """`body` with these pages (all without any) put as images in place of text, as a scanner makes them."""
    import pypdfium2

    source = pypdfium2.PdfDocument(body)
    chosen = pages or range(1, len(source) + 1)
    out = pypdfium2.PdfDocument.new()
    for number in range(1, len(source) + 1):
        if number not in chosen:
            out.import_pages(source, [number - 1])
            continue
        image = source[number - 1].render(scale=150 / 72, grayscale=True).to_pil().rotate(turned, expand=True)

        def draw(canvas: Canvas, image: object = image) -> None:
            canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)

        out.import_pages(pypdfium2.PdfDocument(drawn(draw)))
    made = io.BytesIO()
    out.save(made)
    return made.getvalue()


def raw(content: bytes, *, fonts: str = "/F1 5 0 R", extra: dict[int, bytes] | None = None, page: str = "") -> bytes:
    """A PDF of one page with just this content stream."""
    packed = zlib.compress(content)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        + f"/Resources<</Font<<{fonts}>>>>{page}>>".encode(),
        4: b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        **(extra or {}),
    }
    out = b"%PDF-1.7\n"
    places: dict[int, int] = {}
    for number, value in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
