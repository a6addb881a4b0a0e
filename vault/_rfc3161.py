"""The door to rfc3161-client: whether an authority signed an answer, under roots that a person obtained elsewhere.

What the answer says is read by testimony.time_tokens; here its signature and certificates are checked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography.x509 import Certificate, InvalidVersion, load_der_x509_certificate, load_pem_x509_certificates
from rfc3161_client import VerifierBuilder, decode_timestamp_response
from rfc3161_client.errors import VerificationError
from rfc3161_client.tsp import TimeStampResponse

from testimony.errors import AnchorError
from testimony.time_tokens import TimeToken, sorted_answer


def check_answer(answer: bytes, token: TimeToken, authority: bytes) -> None:
    """Nothing, when an authority under one of these certificates (PEM) signed the answer, for this digest and nonce.

    Its certificates have to be valid at the time that the answer says, not now: a signature made in time stays one.

    Raises:
        AnchorError: It did not ("authority"), a certificate was not valid then ("expired"), the PEM holds no
            certificate ("certificate"), or the answer is none that can be read ("spelling").
    """
    roots = _certificates(authority)
    try:
        response = decode_timestamp_response(sorted_answer(answer))
        embedded = [load_der_x509_certificate(one) for one in response.signed_data.certificates]
    except (ValueError, InvalidVersion) as error:
        raise AnchorError("spelling", "answer") from error
    _check_valid(token.at, [*roots, *embedded])
    _check_signature(response, token, roots)


def _certificates(pem: bytes) -> Sequence[Certificate]:
    try:
        return load_pem_x509_certificates(pem)
    except ValueError as error:
        raise AnchorError("certificate", "authority") from error


def _check_valid(at: datetime, certificates: Iterable[Certificate]) -> None:
    for one in certificates:
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            raise AnchorError("expired", "authority")


def _check_signature(response: TimeStampResponse, token: TimeToken, roots: Sequence[Certificate]) -> None:
    builder = VerifierBuilder()
    for root in dict.fromkeys(roots):
        builder = builder.add_root_certificate(root)
    if token.nonce is not None:
        builder = builder.nonce(token.nonce)
    try:
        builder.build().verify(response, token.imprint)
    except (VerificationError, ValueError) as error:
        raise AnchorError("authority", "answer") from error
