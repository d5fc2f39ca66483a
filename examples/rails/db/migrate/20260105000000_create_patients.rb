class CreatePatients < ActiveRecord::Migration[7.2]
  def change
    create_table :patients do |t|
      t.string :name, null: false
      t.string :phone
      t.datetime :seen_at
    end
  end
end
