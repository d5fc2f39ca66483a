using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Bookings.Data.Migrations;

public partial class Rooms : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable(
        name: "Rooms",
        columns: table => new
        {
            Id = table.Column<int>(nullable: false).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            Name = table.Column<string>(nullable: false),
        },
        constraints: table => table.PrimaryKey("PK_Rooms", room => room.Id));

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("Rooms");
}
