using Library.Catalog;
using Microsoft.AspNetCore.Mvc;

namespace Library.Web.Controllers;

[ApiController]
[Route("api/[controller]")]
public class BooksController : ControllerBase
{
    [HttpGet("{isbn}")]
    public Book Show(string isbn) => new(isbn, "Untitled");

    [HttpGet("status")]
    public string Status() => "of the books, not of the application";
}
