"""Which addresses a webhook may go to, however they are written."""

import pytest

from sandbox.webhooks.targets import GuardedResolver, TargetRefused, check_target
from tests.unit.webhooks.names import Names


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/hook",
        "http://localhost/",
        "https://shop.example.com/ottu?x=1",
        "http://[::1]:9/",
        "http://10.0.0.7/",
        "http://192.168.1.2/",
        "http://host.docker.internal:5000/",
        "HTTP://SHOP.EXAMPLE.COM/",
        "http://user:password@shop.example.com/",
        "http://169.253.255.255/",
        "http://[2001:db8::1]/",
        "http://2130706433/",
    ],
)
def test_a_merchants_machine_and_network_are_targets(url: str) -> None:
    check_target(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.0.1/",
        "http://169.254.169.254./",
        "http://0xA9FEA9FE/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://2852039166/",
        "http://0251.0376.0251.0376/",
        "http://169.254.43518/",
        "http://\uff11\uff16\uff19.254.169.254/",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[febf::1]/",
        "http://[fd00:ec2::254]/",
        "http://[fd20:ce::254]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::169.254.169.254]/",
        "http://[2002:a9fe:a9fe::1]/",
        "http://100.100.100.200/",
        "http://192.0.0.192/",
    ],
)
def test_link_local_addresses_and_metadata_services_are_refused(url: str) -> None:
    with pytest.raises(TargetRefused, match="link-local addresses and metadata services"):
        check_target(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://shop.example.com/", "only http and https are spoken"),
        ("file:///etc/passwd", "only http and https are spoken"),
        ("shop.example.com/hook", "only http and https are spoken"),
        ("", "only http and https are spoken"),
        ("http:///hook", "it names no host"),
        ("http://", "it names no host"),
        ("http://[::1", "it is not a URL"),
        ("http://shop.example.com:99999/", "it is not a URL"),
    ],
)
def test_what_is_no_web_address_is_refused_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(TargetRefused) as refused:
        check_target(url)

    assert refused.value.reason == reason
    assert refused.value.target == url


async def test_a_name_is_resolved_when_all_its_addresses_are_fine() -> None:
    resolver = GuardedResolver(Names(shop=["10.0.0.7", "::1"]))

    found = await resolver.resolve("shop", 80)

    assert [each["host"] for each in found] == ["10.0.0.7", "::1"]


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1%2", "::ffff:169.254.169.254"])
async def test_a_name_that_leads_to_a_refused_address_is_refused(address: str) -> None:
    resolver = GuardedResolver(Names(rebound=["10.0.0.7", address]))

    with pytest.raises(TargetRefused) as refused:
        await resolver.resolve("rebound", 80)

    assert refused.value.target == address


async def test_closing_reaches_the_resolver_that_is_asked() -> None:
    names = Names()

    await GuardedResolver(names).close()

    assert names.closed
