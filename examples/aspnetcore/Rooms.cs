using Bookings.Data;
using Microsoft.EntityFrameworkCore;

namespace Bookings;

public record Calendar(string Url, string Token, string Region);

public static class Rooms
{
    public static void MapRooms(this IEndpointRouteBuilder api)
    {
        var rooms = api.MapGroup("/rooms");
        rooms.MapGet("/", (BookingsContext database) => database.Rooms.ToListAsync());
        rooms.MapGet("/{id:int}/status", (int id, BookingsContext database) => database.Rooms.FindAsync(id));
    }
}
