"""Which addresses the sandbox takes for web addresses, and which of them it refuses to call."""

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.web_addresses import is_refused_address, is_refused_host, is_web_address


@pytest.mark.parametrize(
    "url", ["http://a\u2100b/", "http://a:99999/", "http://[::1/", "http://[v1.x]/", "http://a b/"]
)
def test_what_no_client_can_call_is_no_web_address(url: str) -> None:
    assert not is_web_address(url)


@given(st.text(alphabet="0123456789abcdef.:x-[]%@/?#\u2100\u3002é "))
def test_what_is_a_web_address_can_always_be_judged(rest: str) -> None:
    url = f"http://{rest}"

    assert is_web_address(url) in {True, False}
    assert is_refused_address(url) in {True, False}


@given(st.integers(min_value=0, max_value=2**16 - 1))
def test_no_spelling_of_a_link_local_address_passes(last: int) -> None:
    number = (169 << 24) + (254 << 16) + last
    dotted = str(IPv4Address(number))
    first, second, third, fourth = dotted.split(".")
    spellings = (
        *(dotted, f"{dotted}.", str(number), hex(number), f"0{number:o}"),
        *(f"169.254.{last}", f"0xa9.{number & 0xFFFFFF}", f"[::ffff:{dotted}]"),
        *(f"[64:ff9b::{dotted}]", f"0{int(first):o}.{second}.0x{int(third):x}.{fourth}"),
        dotted.replace(".", "\u3002"),
    )

    assert [each for each in spellings if not is_refused_address(f"http://{each}:80/x")] == []


@pytest.mark.parametrize(
    "host",
    [
        *("metadata.google.internal", "METADATA.google.internal.", "metadata", "192.0.0.192"),
        *("100.100.100.200", "fd00:ec2::254", "fd20:ce::254", "fe80::1%eth0", "2002:a9fe:a9fe::1"),
    ],
)
def test_metadata_services_are_refused_by_name_and_address(host: str) -> None:
    assert is_refused_host(host)


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "10.0.0.7", "::1", "metadata.shop.example", "0x", "1.2.3.4.5", "09"],
)
def test_other_hosts_are_not(host: str) -> None:
    assert not is_refused_host(host)
