# Exact limits of rates and of ratios of rates: Rscript rates_r_values.R > rates_r_values.json
# R 4.2.2, package stats alone.

number <- function(x) if (is.infinite(x)) '"inf"' else sprintf("%.17g", x)
one <- function(x, time, level) {
  i <- poisson.test(x, time, conf.level = level)$conf.int
  sprintf('{"events": %d, "exposure": %s, "level": %s, "low": %s, "high": %s}',
          x, number(time), number(level), number(i[1]), number(i[2]))
}
two <- function(x, time, level) {
  i <- poisson.test(x, time, conf.level = level)$conf.int
  sprintf('{"events": [%d, %d], "exposure": [%s, %s], "level": %s, "low": %s, "high": %s}',
          x[1], x[2], number(time[1]), number(time[2]), number(level), number(i[1]), number(i[2]))
}
ones <- c()
for (x in c(0:12, 20, 37, 65, 137, 500, 1045, 10000, 1000000))
  for (level in c(0.5, 0.95, 0.998)) ones <- c(ones, one(x, 24.19893, level))
pairs <- list(c(11, 21), c(60, 30), c(41, 15), c(0, 3), c(3, 0), c(1, 1), c(250, 190))
times <- list(c(800, 3011), c(51477.5, 54308.7), c(28010, 19017), c(2, 5), c(2, 5), c(1, 1), c(7, 9))
twos <- c()
for (i in seq_along(pairs))
  for (level in c(0.8, 0.95, 0.998)) twos <- c(twos, two(pairs[[i]], times[[i]], level))
cat("{\n \"one\": [\n  ", paste(ones, collapse = ",\n  "), "\n ],\n \"two\": [\n  ",
    paste(twos, collapse = ",\n  "), "\n ]\n}\n", sep = "")
