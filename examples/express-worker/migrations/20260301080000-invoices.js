module.exports = {
  up: (queryInterface, Sequelize) =>
    queryInterface.createTable("Invoices", {
      id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true },
      number: { type: Sequelize.STRING, allowNull: false },
    }),
  down: (queryInterface) => queryInterface.dropTable("Invoices"),
};
