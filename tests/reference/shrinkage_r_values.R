# Means drawn toward each other: Rscript shrinkage_r_values.R > shrinkage_r_values.json
# R 4.2.2 with metafor 3.8-1 (the likelihood, its maximum, and the groups at a given variance between
# them); the averages over that variance by integrate and uniroot of R itself.

suppressMessages(library(metafor))

sets <- list(
  schools = list(y = c(28, 8, -3, 7, -1, 1, 18, 12), d = c(15, 10, 16, 11, 9, 11, 10, 18)^2,
                 bounds = c(-1000, 1000)),
  offices = list(y = c(70, 82.5, 91, 64, 77), d = c(210, 42, 15, 420, 105), bounds = c(0, 100)),
  alike = list(y = c(3.1, 3.2, 3.15, 3.1, 3.2, 3.18, 3.12), d = c(.4, .1, .05, .2, .3, .1, .6),
               bounds = c(1, 5)))
level <- .95

number <- function(x) paste(sprintf("%.15g", x), collapse = ", ")
given <- function(a, y, d) {
  p <- 1 / (a + d)
  mu <- sum(p * y) / sum(p)
  list(mu = mu, v = 1 / sum(p), w = a / (a + d))
}
restricted <- Vectorize(function(a, y, d) {
  g <- given(a, y, d)
  prod(sqrt(1 / (a + d))) * sqrt(g$v) * exp(-sum((y - g$mu)^2 / (a + d)) / 2)
}, "a")
one <- function(set) {
  y <- set$y; d <- set$d
  most <- diff(set$bounds)^2 / 4
  cuts <- c(0, min(d) * 10^seq(-2, 6, by = .25))
  cuts <- c(cuts[cuts < most], most)
  size <- restricted(median(d), y, d)
  mean_of <- function(f) sum(sapply(seq_along(cuts[-1]), function(i) integrate(
    function(a) sapply(a, f) * restricted(a, y, d) / size, cuts[i], cuts[i + 1], rel.tol = 1e-11)$value))
  whole <- mean_of(function(a) 1)
  averaged <- function(f) mean_of(f) / whole
  of <- function(i) {
    m <- function(a) with(given(a, y, d), mu + w[i] * (y[i] - mu))
    s <- function(a) with(given(a, y, d), sqrt(w[i] * d[i] + (1 - w[i])^2 * v))
    value <- averaged(m)
    weight <- averaged(function(a) given(a, y, d)$w[i])
    limit <- function(tail) uniroot(
      function(x) averaged(function(a) pnorm((x - m(a)) / s(a))) - tail,
      value + c(-1, 1) * 10 * sqrt(d[i]), tol = 1e-10)$root
    low <- max(limit((1 - level) / 2), set$bounds[1])
    high <- min(limit((1 + level) / 2), set$bounds[2])
    c(value, low, high, weight)
  }
  all <- sapply(seq_along(y), of)
  reml <- rma(y, d, method = "REML", control = list(threshold = 1e-12, maxiter = 1000))
  at <- c(0, mean(d) / 4, mean(d))
  fixed <- lapply(at, function(a) rma(y, d, tau2 = a, method = "REML"))
  blups <- lapply(fixed, blup)
  sprintf(paste0('{"y": [%s], "d": [%s], "bounds": [%s], "value": [%s], "low": [%s], "high": [%s],',
                 ' "weight": [%s], "between": %s, "reml": %s, "at": [%s], "log_likelihood": [%s],',
                 ' "center": [%s], "center_error": [%s], "blup": [%s], "blup_error": [%s]}'),
          number(y), number(d), number(set$bounds), number(all[1, ]), number(all[2, ]),
          number(all[3, ]), number(all[4, ]), number(averaged(sqrt)), number(reml$tau2), number(at),
          number(sapply(fixed, function(f) as.numeric(logLik(f)))),
          number(sapply(fixed, function(f) as.numeric(f$beta))), number(sapply(fixed, function(f) f$se)),
          paste(sapply(blups, function(b) paste0("[", number(b$pred), "]")), collapse = ", "),
          paste(sapply(blups, function(b) paste0("[", number(b$se), "]")), collapse = ", "))
}
cat("{\n", paste(sprintf(' "%s": %s', names(sets), sapply(sets, one)), collapse = ",\n"), "\n}\n",
    sep = "")
