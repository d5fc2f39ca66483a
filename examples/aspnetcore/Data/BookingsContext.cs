using Microsoft.EntityFrameworkCore;

namespace Bookings.Data;

public class Room
{
    public int Id { get; set; }
    public required string Name { get; set; }
}

public class BookingsContext(DbContextOptions<BookingsContext> options) : DbContext(options)
{
    public DbSet<Room> Rooms => Set<Room>();
}
