"""Files, as methods of the class."""

from pathlib import Path
from typing import Final

from zerodistance_client.calls import Calls
from zerodistance_client.records import Offer

# By a file's ending, what it says of itself; the server looks into it. Python's own table depends on the machine.
TYPES: Final = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FileCalls(Calls):
    """Files that are sent before something refers to them."""

    def upload(self, path: str | Path, purpose: str = "document", *, name: str = "") -> str:
        """Send a file (``purpose``: document or photo); returns the id by which a suggestion, a record … refers to it, within
        a day. Three steps: a place is asked for, the file goes straight to it, and the deed that names the id has it checked.

        Raises Invalid (file_type, file_heic, file_too_large …), OSError if the file can't be read.
        """
        file = Path(path)
        content, type = file.read_bytes(), TYPES.get(file.suffix.lower(), "")
        asked = {"purpose": purpose, "name": name or file.name, "type": type, "size": len(content)}
        place = self._post(Offer, "/v1/files", asked, "")
        self._wire.deliver(place.url, place.fields, (file.name, content, type))
        return place.id
