using NUnit.Framework;

namespace Library.Catalog.Specs;

public class BookSpecs
{
    [Test]
    public void An_isbn_has_ten_or_thirteen_digits() => Assert.That(new Book("0123456789", "x").IsValid);
}
