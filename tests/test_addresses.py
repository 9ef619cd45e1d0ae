"""Chinese words in the addresses of links, as they stand or written in digits."""

import pytest

from reviewer.readers.wording import addressed


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("https://example.org/机密文件/a?sig=%FF", "https://example.org/机密文件/a?sig=%FF"),
        ("https://example.org/绝密★20年?q=%BB%FA%C3%DC", "https://example.org/绝密★20年?q=机密"),
        ("https://example.org/?q=%E6%9C%BA%E5%AF%86", "https://example.org/?q=机密"),
        ("https://example.org/?q=%41%2e&n=5%", ""),
    ],
)
def test_every_run_of_digits_is_read_by_itself(target: str, words: str) -> None:
    assert addressed(target) == words
