using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Mailer.Tests;

[TestClass]
public class SmtpTests
{
    [TestMethod]
    public void IsMadeWithoutAHost() => Assert.IsNotNull(new Smtp());
}
