module example.com/anam-driver

go 1.22
