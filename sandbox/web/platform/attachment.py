"""Files that go with a payment: the upload, and the fields of checkout that name an uploaded one.

Refusals are plain texts by field, as the document of this call has them, not lists.

Source: FACTS 10 (attachments); `AttachmentUpload` and `UploadRefusal` of `specs/ottu.yaml`.
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote

from sandbox.domain.attachments import (
    CONTENT_TYPES,
    LARGEST_FILE,
    AttachedFile,
    StoredFile,
    base_name,
    extension_of,
)
from sandbox.domain.operations import Refused
from sandbox.domain.transactions import PaymentTerms
from sandbox.domain.web_addresses import is_web_address
from sandbox.engine.attachments import attached
from sandbox.engine.commands import Named, Upload
from sandbox.engine.errors import UnknownOrder, UnknownSession
from sandbox.web.answers import Answer, as_json, detail
from sandbox.web.errors import BodyTooLarge, WrongFields
from sandbox.web.platform.call import PlatformCall

_FILE = "file"


async def upload(call: PlatformCall) -> Answer:
    """Keep a file, and let it go with the payment that the form names."""
    filename, content = _file(call)
    shorten = call.fields.get("shortify_attachment_url") is True
    command = Upload(
        filename=filename,
        content=content,
        named=_payment(call, shorten=shorten),
        shorten=shorten,
    )
    step = call.services.engine.upload(call.workspace, command, call.now)
    stored = step.result
    if isinstance(stored, Refused):
        return detail(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, stored.reason)
    answer = {"file_url": stored.path, "original_filename": stored.original_filename}
    payment = step.changes.payment
    if shorten and payment is not None:
        answer["attachment_short_url"] = payment.origin + stored.short_path
    return as_json(answer)


def with_attachment(
    call: PlatformCall, terms: PaymentTerms, kept: AttachedFile | None = None
) -> PaymentTerms:
    """Return the terms with the uploaded file that the body names, else the one kept so far."""
    address = call.fields.get("attachment_upload_url")
    if not isinstance(address, str) or not address:
        return replace(terms, attachment=kept)
    name = unquote(address).rpartition("/")[2]
    shorten = call.fields.get("shortify_attachment_url") is True
    stored = call.workspace.tables.of(StoredFile).get(name)
    if stored is not None:
        return replace(terms, attachment=attached(stored, call.origin, shorten=shorten))
    if not is_web_address(address):
        address = f"{call.origin}/{quote(address.lstrip('/'), safe='/%')}"
    return replace(terms, attachment=AttachedFile(name=name, url=address))


def write_attachment(terms: PaymentTerms) -> dict[str, Any]:
    """Write the uploaded file of a payment as checkout answers it."""
    file = terms.attachment
    if file is None:
        return {}
    short = {"attachment_short_url": file.short_url} if file.short_url else {}
    return {"attachment": file.url, **short}


def _file(call: PlatformCall) -> tuple[str, bytes]:
    """Return name and bytes of the file.

    Raises:
        WrongFields: there is none, it is empty, or of a kind that is not taken.
        BodyTooLarge: it has more than 2.5 MB.
    """
    sent = call.files.get(_FILE)
    if sent is None:
        missing = call.fields.get(_FILE) is None
        raise WrongFields(
            {
                _FILE: "No file was submitted."
                if missing
                else "This is not a file; send it as a part of a multipart form, with a file name."
            }
        )
    # A name in no known encoding has halves of signs, which no answer could hold.
    filename = base_name(sent[0]).encode("utf-8", "replace").decode("utf-8")
    content = sent[2]
    extension = extension_of(filename)
    if extension not in CONTENT_TYPES:
        told = f"ending in {extension}" if extension else "without an ending"
        taken = ", ".join(CONTENT_TYPES)
        raise WrongFields({_FILE: f"Files {told} are not taken; these are: {taken}."})
    if not content:
        raise WrongFields({_FILE: "The submitted file is empty."})
    if len(content) > LARGEST_FILE:
        raise BodyTooLarge(
            f"The file has {len(content):,} bytes; {LARGEST_FILE:,} (2.5 MB) are taken at most."
        )
    return filename, content


def _payment(call: PlatformCall, *, shorten: bool) -> Named | None:
    """Return which payment gets the file, or None if the form names none.

    Raises:
        WrongFields: it names one in two ways or one that is not there, or a short link is asked for
            without a payment.
    """
    given: Mapping[str, str] = {
        name: call.fields[name] for name in ("session_id", "order_no") if call.fields.get(name)
    }
    if len(given) > 1:
        both = "Send either `session_id` or `order_no`, not both."
        raise WrongFields(dict.fromkeys(given, both))
    if not given:
        if shorten:
            told = "A short link needs a payment; send its `session_id` or `order_no`."
            raise WrongFields({"attachment_short_url": told})
        return None
    named = Named(**given)
    try:
        call.workspace.named(named)
    except (UnknownSession, UnknownOrder) as unknown:
        (field,) = given
        raise WrongFields({field: f"No payment has the {field} {given[field]}."}) from unknown
    return named
