using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Bookings.Data.Migrations;

[DbContext(typeof(BookingsContext))]
partial class BookingsContextModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder) => modelBuilder.Entity<Room>().ToTable("Rooms");
}
