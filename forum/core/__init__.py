"""What any web service needs; knows no word of the forum."""
