<?php
class Schedule_Test extends WP_UnitTestCase {
	public function test_closed_without_hours() {
		$this->assertFalse( Opening_Hours\Schedule::status()->get_data()['open'] );
	}
}
