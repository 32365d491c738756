"""What makes things happen in time: the alarm, the due loop, the paced sender and the Outbox protocol."""
