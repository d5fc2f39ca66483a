namespace Library.Catalog;

public record Book(string Isbn, string Title)
{
    public bool IsValid => Isbn.Length is 10 or 13;
}
