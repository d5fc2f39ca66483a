using Xunit;

namespace Bookings.Tests;

public class CalendarTests
{
    [Fact]
    public void KeepsItsRegion() =>
        Assert.Equal("eu", new Calendar("https://calendar.example.org", "secret", "eu").Region);
}
